package dev.parley.http.messaging;

import static dev.parley.http.messaging.Messaging.SESSIONS;
import static dev.parley.http.messaging.Messaging.createBody;
import static dev.parley.http.messaging.Messaging.created;
import static dev.parley.http.messaging.Messaging.error;
import static dev.parley.http.messaging.Messaging.session;
import static dev.parley.http.messaging.Messaging.user;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.http.Answer;
import dev.parley.http.Wire;
import dev.parley.http.Wire.Version;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** eliza.md section 1: what holds for every path of this face. */
class TransportTest {
  private static final int MAX_BODY = 2 * 1_048_576;

  static Stream<Arguments> noJson() {
    return Stream.of("{", "nonsense", "\"text\"", "1", "null", "true", "{} {}", " ", "{'a':1}")
        .flatMap(body -> Stream.of(Version.values()).map(version -> Arguments.of(body, version)));
  }

  @ParameterizedTest
  @MethodSource("noJson")
  void item_15_what_is_no_json_is_a_400(String body, Version version) {
    error(Wire.post(SESSIONS).over(version).body(body).send(), 400, "INVALID_JSON");
    String timeout = session(created()) + "/timeout";
    error(Wire.patch(timeout).over(version).body(body).send(), 400, "INVALID_JSON");
  }

  @ParameterizedTest
  @EnumSource
  void item_15_a_body_over_the_limit_is_a_413(Version version) {
    for (boolean chunked : new boolean[] {false, true}) {
      for (int size : new int[] {MAX_BODY + 1, MAX_BODY + 1_000_000}) {
        Wire request = Wire.post(SESSIONS).over(version).body(" ".repeat(size));
        error((chunked ? request.chunked() : request).send(), 413, "PAYLOAD_TOO_LARGE");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_body_at_the_limit_is_taken(Version version) {
    String body = createBody(user(), "");
    String padded = body + " ".repeat(MAX_BODY - body.length());
    assertThat(Wire.post(SESSIONS).over(version).body(padded).send().status()).isEqualTo(201);
    assertThat(Wire.post(SESSIONS).over(version).body(padded).chunked().send().status())
        .isEqualTo(201);
  }

  @ParameterizedTest
  @CsvSource({
    "text/plain, false",
    "application/xml, false",
    ", false",
    "application/json, true",
    "application/json; charset=utf-8, true",
    "APPLICATION/JSON, true"
  })
  void a_body_is_json(String type, boolean accepted) {
    for (Version version : Version.values()) {
      Answer answer =
          Wire.post(SESSIONS).over(version).contentType(type).body(createBody(user(), "")).send();
      if (accepted) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
      } else {
        error(answer, 400, "INVALID_CONTENT_TYPE");
        assertThat(answer.json().get("success").booleanValue()).isFalse();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"application/x-www-form-urlencoded", "multipart/form-data; boundary=x"})
  void a_form_is_taken_and_holds_nothing(String type) {
    error(Wire.post(SESSIONS).contentType(type).body("agentId=x").send(), 400, "VALIDATION_ERROR");
  }

  @ParameterizedTest
  @CsvSource({"renew", "heartbeat"})
  void no_body_needs_no_type(String call) {
    String path = session(created()) + "/" + call;
    for (Version version : Version.values()) {
      for (String type : new String[] {null, "application/json", "text/plain"}) {
        Answer answer = Wire.post(path).over(version).contentType(type).send();
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      }
      assertThat(Wire.post(path).over(version).body("{\"author_id\":1}").send().status())
          .isEqualTo(200);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/messaging",
    "GET, /api/messaging/nothing",
    "GET, /api/messaging/sessions/x/y",
    "GET, /api/messaging/sessions/x/renew",
    "PUT, /api/messaging/sessions",
    "PATCH, /api/messaging/sessions",
    "DELETE, /api/messaging/sessions",
    "POST, /api/messaging/sessions/health",
    "POST, /api/messaging/sessions/x",
    "POST, /api/messaging/sessions/x/timeout",
    "GET, /api/messaging/sessions/x/heartbeat"
  })
  void an_unknown_path_and_a_wrong_method_are_the_same_404(String method, String path) {
    for (Version version : Version.values()) {
      Answer answer = Wire.request(method, path).over(version).send();
      JsonNode error = error(answer, 404, "NOT_FOUND");
      assertThat(error.get("message").textValue()).isEqualTo("API endpoint not found");
      assertThat(answer.json().get("success").booleanValue()).isFalse();
    }
  }

  @Test
  void the_durable_face_keeps_its_own_words() {
    assertThat(Wire.get("/api/v1/nothing").asAcme().send().body())
        .isEqualTo("{\"error\":\"Not found\"}");
    assertThat(Wire.get("/api/messagingx").send().body()).isEqualTo("{\"error\":\"Not found\"}");
  }

  @Test
  void a_slash_at_the_end_does_not_matter() {
    String id = created();
    assertThat(Wire.get(session(id) + "/").send().status()).isEqualTo(200);
    assertThat(Wire.get(SESSIONS + "/?limit=1").send().status()).isEqualTo(200);
    assertThat(Wire.post(session(id) + "/renew/").send().status()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource
  void a_page_of_any_origin_may_call(Version version) {
    for (String path : new String[] {SESSIONS, session("x"), session("x") + "/timeout"}) {
      Answer answer =
          Wire.request("OPTIONS", path)
              .over(version)
              .header("Origin", "https://page.example")
              .header("Access-Control-Request-Method", "PATCH")
              .send();
      assertThat(answer.status()).isEqualTo(204);
      assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("*");
      assertThat(answer.header("Access-Control-Allow-Methods"))
          .isEqualTo("GET, POST, PUT, DELETE, PATCH, OPTIONS");
      assertThat(answer.header("Access-Control-Allow-Headers"))
          .contains("Content-Type", "Authorization", "X-API-KEY");
    }
    assertThat(
            Wire.get(session("x"))
                .over(version)
                .header("X-Debug", "true")
                .send()
                .header("Access-Control-Allow-Origin"))
        .isEqualTo("*");
  }

  @ParameterizedTest
  @EnumSource
  void head_answers_as_get_does(Version version) {
    assertThat(Wire.request("HEAD", session(created())).over(version).send().status())
        .isEqualTo(200);
    Answer absent = Wire.request("HEAD", session("nobody")).over(version).send();
    assertThat(absent.status()).isEqualTo(404);
    assertThat(absent.body()).isEmpty();
  }

  @Test
  void without_a_key_configured_any_key_will_do() {
    assertThat(Wire.get(SESSIONS + "?limit=1").header("X-API-KEY", "any").send().status())
        .isEqualTo(200);
  }
}
