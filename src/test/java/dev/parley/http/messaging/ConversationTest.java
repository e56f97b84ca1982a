package dev.parley.http.messaging;

import static dev.parley.http.messaging.Messaging.AGENT;
import static dev.parley.http.messaging.Messaging.SESSIONS;
import static dev.parley.http.messaging.Messaging.create;
import static dev.parley.http.messaging.Messaging.created;
import static dev.parley.http.messaging.Messaging.error;
import static dev.parley.http.messaging.Messaging.get;
import static dev.parley.http.messaging.Messaging.session;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.Eventually;
import dev.parley.http.Answer;
import dev.parley.http.Fixtures;
import dev.parley.http.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** across.md section 1: a messaging session is an ordinary session seen through another face. */
class ConversationTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private static JsonNode send(String id, String body) {
    Answer answer = Wire.post(session(id) + "/messages").body(body).send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return answer.json();
  }

  /** The messages, the newest first, as soon as there are so many. */
  private static List<JsonNode> history(String id, int count) {
    List<JsonNode> messages = new ArrayList<>();
    assertThat(
            Eventually.within(
                LIMIT,
                () -> {
                  messages.clear();
                  Messaging.ok(Wire.get(session(id) + "/messages"))
                      .get("messages")
                      .forEach(messages::add);
                  return messages.size() >= count;
                }))
        .as("%d messages, there are %s", count, messages)
        .isTrue();
    assertThat(messages).hasSize(count);
    return messages;
  }

  private static List<JsonNode> records(String id, String io) {
    List<JsonNode> records = new ArrayList<>();
    Fixtures.records(id, io).forEach(record -> records.add(Messaging.data(record)));
    return records;
  }

  /** The records of the stream with their headers, over the data plane. */
  private static JsonNode streamed(String id, String io) {
    Answer opened = Wire.put(Fixtures.channel(id, io)).asAcme().send();
    assertThat(opened.status()).as(opened.body()).isEqualTo(202);
    String path = opened.header("X-S2-Endpoint").replaceFirst("https?://[^/]+", "");
    return Messaging.ok(
            Wire.get(
                    path
                        + "/streams/"
                        + Wire.segment(opened.header("X-S2-Stream-Name"))
                        + "/records?seq_num=0")
                .as(opened.header("X-S2-Access-Token"))
                .header("s2-basin", opened.header("X-S2-Basin")))
        .get("records");
  }

  @Test
  void what_is_said_are_records_of_both_directions() {
    JsonNode session = create(",\"metadata\":{\"plan\":\"pro\"}");
    String id = session.get("sessionId").textValue();
    String attachment = "{\"type\":\"file\",\"url\":\"https://x.test/f\"}";
    JsonNode sent =
        send(
            id,
            "{\"content\":\"one two\",\"transport\":\"http\",\"attachments\":["
                + attachment
                + "]}");
    JsonNode user = records(id, "in").get(0);
    assertThat(user.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "type", "id", "role", "content", "authorId", "createdAt", "metadata", "attachments");
    assertThat(user.get("type").textValue()).isEqualTo("message");
    assertThat(user.get("id")).isEqualTo(sent.get("id"));
    assertThat(user.get("role").textValue()).isEqualTo("user");
    assertThat(user.get("content").textValue()).isEqualTo("one two");
    assertThat(user.get("authorId")).isEqualTo(session.get("userId"));
    assertThat(user.get("createdAt")).isEqualTo(sent.get("createdAt"));
    assertThat(user.at("/attachments/0")).isEqualTo(Answer.parse(attachment));

    JsonNode out = streamed(id, "out");
    StringBuilder said = new StringBuilder();
    int pieces = out.size() - 2;
    assertThat(pieces).isPositive();
    JsonNode message = Answer.parse(out.get(pieces).get("body").textValue()).get("data");
    for (int i = 0; i < pieces; i++) {
      JsonNode delta = Answer.parse(out.get(i).get("body").textValue()).get("data");
      assertThat(delta.fieldNames())
          .toIterable()
          .containsExactlyInAnyOrder("type", "messageId", "inReplyTo", "index", "delta");
      assertThat(delta.get("type").textValue()).isEqualTo("text-delta");
      assertThat(delta.get("index").intValue()).isEqualTo(i);
      assertThat(delta.get("messageId")).isEqualTo(message.get("id"));
      assertThat(delta.get("inReplyTo")).isEqualTo(user.get("id"));
      said.append(delta.get("delta").textValue());
    }
    assertThat(message.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "type", "id", "role", "content", "inReplyTo", "authorId", "createdAt");
    assertThat(message.get("type").textValue()).isEqualTo("message");
    assertThat(message.get("role").textValue()).isEqualTo("agent");
    assertThat(message.get("content").textValue()).isEqualTo("one two").isEqualTo(said.toString());
    assertThat(message.get("inReplyTo")).isEqualTo(user.get("id"));
    assertThat(message.get("authorId").textValue()).isEqualTo(AGENT);
    assertThat(out.get(pieces + 1).get("headers").toString())
        .contains("[\"trigger-control\",\"turn-complete\"]");
    // The history tells the same times.
    List<JsonNode> history = history(id, 2);
    assertThat(history.get(0).get("createdAt")).isEqualTo(message.get("createdAt"));
    assertThat(history.get(1).get("createdAt")).isEqualTo(user.get("createdAt"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "plain text | plain text",
        "\"a JSON string\" | \"a JSON string\"",
        "{\"kind\":\"message\",\"n\":1} | {\"kind\":\"message\",\"n\":1}",
        "[1,2] | [1,2]",
        "{\"type\":\"message\",\"id\":\"6f1f3d4e-0000-4000-8000-000000000001\",\"role\":\"agent\","
            + "\"authorId\":\"forged\",\"createdAt\":\"2001-01-01T00:00:00.000Z\","
            + "\"content\":\"proper\",\"metadata\":{\"a\":1}} | proper"
      })
  void an_append_over_the_durable_face_is_a_message_of_the_user(String body, String content) {
    JsonNode before = create("");
    String id = before.get("sessionId").textValue();
    Answer answer = Fixtures.append(id, body);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    List<JsonNode> history = history(id, 2);
    JsonNode user = history.get(1);
    assertThat(user.get("content").textValue()).isEqualTo(content);
    assertThat(user.get("authorId")).isEqualTo(before.get("userId"));
    assertThat(user.get("isAgent").booleanValue()).isFalse();
    assertThat(user.get("createdAt").textValue())
        .isGreaterThanOrEqualTo(before.get("createdAt").textValue());
    assertThat(history.get(0).get("content").textValue()).isEqualTo(content);
    assertThat(history.get(0).at("/metadata/inReplyTo")).isEqualTo(user.get("id"));
    if (content.equals("proper")) {
      assertThat(user.get("id").textValue()).isEqualTo("6f1f3d4e-0000-4000-8000-000000000001");
      assertThat(user.at("/metadata/a").intValue()).isEqualTo(1);
    }
    JsonNode data = records(id, "in").get(0);
    assertThat(data.get("type").textValue()).isEqualTo("message");
    assertThat(data.get("role").textValue()).isEqualTo("user");
    assertThat(get(id).get("renewalCount").intValue()).isEqualTo(1);
  }

  @Test
  void a_repeated_part_is_one_message() {
    String id = created();
    for (int i = 0; i < 3; i++) {
      Answer answer =
          Wire.post(Fixtures.channel(id, "in/append"))
              .asAcme()
              .header("X-Part-Id", "part-1")
              .body("once")
              .send();
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }
    send(id, "{\"content\":\"and then\",\"transport\":\"http\"}");
    assertThat(history(id, 4))
        .extracting(message -> message.get("content").textValue())
        .containsExactlyInAnyOrder("once", "once", "and then", "and then");
    assertThat(get(id).get("renewalCount").intValue()).isEqualTo(2);
  }

  @Test
  void both_faces_show_the_same_session() {
    JsonNode session = create(",\"metadata\":{\"a\":[1]}");
    String id = session.get("sessionId").textValue();
    JsonNode row = Messaging.ok(Wire.get(Fixtures.session(id)).asAcme());
    String run = row.get("currentRunId").textValue();
    assertThat(row.get("createdAt")).isEqualTo(session.get("createdAt"));
    JsonNode sent = send(id, "{\"content\":\"hi\",\"transport\":\"http\"}");
    row = Messaging.ok(Wire.get(Fixtures.session(id)).asAcme());
    assertThat(row.get("createdAt")).isEqualTo(session.get("createdAt"));
    assertThat(row.get("currentRunId").textValue()).isEqualTo(run);
    assertThat(row.get("metadata")).isEqualTo(session.get("metadata"));
    assertThat(row.get("expiresAt")).isEqualTo(get(id).get("expiresAt"));
    assertThat(row.get("expiresAt").textValue())
        .isGreaterThanOrEqualTo(sent.at("/sessionStatus/expiresAt").textValue());
    assertThat(listed(id, "/api/v1/sessions?filter%5BexternalId%5D=" + id)).isTrue();
    String durable = Fixtures.created("listed");
    assertThat(Messaging.ok(Wire.get(SESSIONS)).get("sessions").findValuesAsText("sessionId"))
        .contains(id)
        .doesNotContain(durable);
    error(Wire.get(session(durable) + "/messages").send(), 404, "SESSION_NOT_FOUND");
  }

  private static boolean listed(String id, String path) {
    return Eventually.within(
        LIMIT,
        () ->
            Messaging.ok(Wire.get(path).asAcme())
                .get("data")
                .findValuesAsText("externalId")
                .contains(id));
  }

  @Test
  void a_deletion_here_is_a_close_there_and_the_records_stay() {
    String id = created();
    send(id, "{\"content\":\"hi\",\"transport\":\"http\"}");
    assertThat(Wire.request("DELETE", session(id)).send().status()).isEqualTo(200);
    JsonNode row = Messaging.ok(Wire.get(Fixtures.session(id)).asAcme());
    assertThat(row.get("closedReason").textValue()).isEqualTo("deleted");
    assertThat(row.get("closedAt").isTextual()).isTrue();
    for (String method : new String[] {"GET", "POST"}) {
      error(
          Wire.request(method, session(id) + "/messages").body("{\"content\":\"x\"}").send(),
          404,
          "SESSION_NOT_FOUND");
    }
    assertThat(records(id, "in").get(0).get("content").textValue()).isEqualTo("hi");
    assertThat(records(id, "channels/lifecycle/out"))
        .last()
        .satisfies(record -> assertThat(record.get("type").textValue()).isEqualTo("deleted"));
    assertThat(Fixtures.append(id, "more").status()).isEqualTo(409);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET ",
        "GET /messages",
        "POST /messages",
        "POST /renew",
        "POST /heartbeat",
        "PATCH /timeout",
        "POST /stop"
      })
  void a_close_there_is_gone_here(String call) {
    String id = created();
    assertThat(Fixtures.close(id, "{\"reason\":\"done\"}").status()).isEqualTo(200);
    String[] parts = call.split(" ", -1);
    JsonNode error =
        error(
            Wire.request(parts[0], session(id) + parts[1]).body("{\"content\":\"x\"}").send(),
            410,
            "SESSION_CLOSED");
    assertThat(error.at("/details/closedReason").textValue()).isEqualTo("done");
    assertThat(error.at("/details/sessionId").textValue()).isEqualTo(id);
  }

  @Test
  void item_19_nobody_passes_a_message_off_as_that_of_another_session() {
    String forged =
        "{\"sessionId\":\"f\",\"agentId\":\"f\",\"userId\":\"f\",\"timeoutConfig\":\"f\",\"own\":1}";
    JsonNode session = create(",\"metadata\":" + forged);
    String id = session.get("sessionId").textValue();
    send(id, "{\"content\":\"x\",\"transport\":\"http\",\"metadata\":" + forged + "}");
    JsonNode metadata = history(id, 2).get(1).get("metadata");
    for (String key : new String[] {"sessionId", "agentId", "userId", "timeoutConfig"}) {
      assertThat(metadata.get(key)).as(key).isEqualTo(session.get(key));
    }
    assertThat(metadata.get("own").intValue()).isEqualTo(1);
    JsonNode info = get(id);
    assertThat(info.get("agentId")).isEqualTo(session.get("agentId"));
    assertThat(history(id, 2).get(0).at("/metadata/sessionId").textValue()).isEqualTo(id);
  }

  @Test
  void item_21_a_session_comes_whole_or_not_at_all() {
    String user = Messaging.user();
    // Refused last of all checks: nothing of it is there.
    Answer refused =
        Wire.post(SESSIONS).body(Messaging.createBody(user, ",\"metadata\":[]")).send();
    assertThat(refused.status()).isEqualTo(400);
    JsonNode made = Wire.post(SESSIONS).body(Messaging.createBody(user, "")).send().json();
    String id = made.get("sessionId").textValue();
    // Row, channel and first lifecycle record are there as soon as it is answered.
    assertThat(get(id).get("channelId")).isEqualTo(made.get("channelId"));
    assertThat(Messaging.ok(Wire.get(Fixtures.session(id)).asAcme()).get("externalId").textValue())
        .isEqualTo(id);
    assertThat(records(id, "channels/lifecycle/out"))
        .singleElement()
        .satisfies(record -> assertThat(record.get("type").textValue()).isEqualTo("created"));
    assertThat(
            Messaging.ok(Wire.get(SESSIONS + "?userId=" + user))
                .get("sessions")
                .findValuesAsText("sessionId"))
        .containsExactly(id);
  }
}
