package dev.parley.http.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.http.Answer;
import dev.parley.http.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What the tests of this face share. */
public final class Messaging {
  public static final String SESSIONS = "/api/messaging/sessions";

  /** The agent that is always there. */
  public static final String AGENT = "00000000-0000-4000-8000-0000000000ec";

  static final String UUID_V4 =
      "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
  public static final String ISO = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

  private Messaging() {}

  public static String user() {
    return UUID.randomUUID().toString();
  }

  public static String session(String sessionId) {
    return SESSIONS + "/" + Wire.segment(sessionId);
  }

  /**
   * @param more fields, each with a comma before it
   */
  public static String createBody(String userId, String more) {
    return "{\"agentId\":\"" + AGENT + "\",\"userId\":\"" + userId + "\"" + more + "}";
  }

  public static Answer tryCreate(String more) {
    return Wire.post(SESSIONS).body(createBody(user(), more)).send();
  }

  public static JsonNode create(String more) {
    Answer answer = tryCreate(more);
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return answer.json();
  }

  /** Creates a session and says its id. */
  public static String created() {
    return created("");
  }

  public static String created(String more) {
    return create(more).get("sessionId").textValue();
  }

  public static JsonNode get(String sessionId) {
    return ok(Wire.get(session(sessionId)));
  }

  public static JsonNode ok(Wire request) {
    Answer answer = request.send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json();
  }

  public static Answer renew(String sessionId) {
    return Wire.post(session(sessionId) + "/renew").send();
  }

  public static Answer heartbeat(String sessionId) {
    return Wire.post(session(sessionId) + "/heartbeat").send();
  }

  public static Answer timeout(String sessionId, String body) {
    return Wire.patch(session(sessionId) + "/timeout").body(body).send();
  }

  /** The error of an answer in the shape of eliza.md section 7. */
  public static JsonNode error(Answer answer, int status, String code) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    JsonNode error = answer.json().get("error");
    assertThat(error.path("code").textValue()).as(answer.body()).isEqualTo(code);
    assertThat(error.path("message").textValue()).isNotBlank();
    assertThat(error.path("timestamp").textValue()).matches(ISO);
    assertThat(error.has("stack")).isFalse();
    assertThat(error.path("details")).isEqualTo(answer.json().path("details"));
    return error;
  }

  /** What a record holds; of one that the durable face shows as text, what the text says. */
  static JsonNode data(JsonNode record) {
    JsonNode data = record.path("data");
    return data.isTextual() && data.textValue().startsWith("{")
        ? Answer.parse(data.textValue())
        : data;
  }

  /** The events of a stream that has ended. */
  static List<Event> events(Answer answer) {
    List<Event> events = new ArrayList<>();
    for (String event : answer.body().split("\n\n")) {
      if (!event.startsWith(":")) {
        String[] lines = event.split("\n");
        assertThat(lines).hasSize(2);
        events.add(
            new Event(
                lines[0].substring("event: ".length()),
                Answer.parse(lines[1].substring("data: ".length()))));
      }
    }
    return events;
  }

  /** An event of section 6.2. */
  record Event(String name, JsonNode data) {}
}
