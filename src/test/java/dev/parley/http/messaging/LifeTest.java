package dev.parley.http.messaging;

import static dev.parley.http.messaging.Messaging.ISO;
import static dev.parley.http.messaging.Messaging.create;
import static dev.parley.http.messaging.Messaging.created;
import static dev.parley.http.messaging.Messaging.error;
import static dev.parley.http.messaging.Messaging.get;
import static dev.parley.http.messaging.Messaging.heartbeat;
import static dev.parley.http.messaging.Messaging.renew;
import static dev.parley.http.messaging.Messaging.session;
import static dev.parley.http.messaging.Messaging.timeout;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.http.Answer;
import dev.parley.http.Fixtures;
import dev.parley.http.Wire;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** eliza.md sections 4, 5.4 to 5.6 and 7: a session from creation to its end. */
class LifeTest {
  private static final String FIXED = ",\"timeoutConfig\":{\"autoRenew\":false}";

  @ParameterizedTest
  @EnumSource
  void get_shows_the_session_and_does_nothing(Wire.Version version) {
    JsonNode body = create(",\"metadata\":{\"a\":1}");
    String id = body.get("sessionId").textValue();
    get(id);
    Answer answer = Wire.get(session(id)).over(version).send();
    JsonNode info = answer.json();
    body.fields()
        .forEachRemaining(
            field -> assertThat(info.get(field.getKey())).isEqualTo(field.getValue()));
    assertThat(info.get("lastActivity")).isEqualTo(body.get("createdAt"));
    assertThat(info.get("renewalCount").intValue()).isZero();
    assertThat(info.get("timeRemaining").longValue()).isBetween(1_700_000L, 1_800_000L);
    assertThat(info.get("isNearExpiration").booleanValue()).isFalse();
    assertThat(info.has("success")).isFalse();
  }

  @Test
  void a_threshold_of_the_whole_timeout_is_near_from_the_first_moment() {
    JsonNode info =
        get(created(",\"timeoutConfig\":{\"timeoutMinutes\":10,\"warningThresholdMinutes\":10}"));
    assertThat(info.get("isNearExpiration").booleanValue()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"renew", "heartbeat"})
  void a_renewal_moves_the_end_and_counts(String call) {
    String id = created();
    for (int n = 1; n <= 3; n++) {
      JsonNode info = Messaging.ok(Wire.post(session(id) + "/" + call));
      assertThat(info.get("renewalCount").intValue()).isEqualTo(n);
      assertThat(between(info, "lastActivity", "expiresAt")).isEqualTo(Duration.ofMinutes(30));
      assertThat(info.has("success")).isFalse();
    }
    assertThat(get(id).get("renewalCount").intValue()).isEqualTo(3);
  }

  @Test
  void the_heartbeat_of_a_fixed_session_is_noted_only() throws Exception {
    JsonNode before = create(FIXED);
    String id = before.get("sessionId").textValue();
    Thread.sleep(5);
    JsonNode info = Messaging.ok(Wire.post(session(id) + "/heartbeat"));
    assertThat(info.get("renewalCount").intValue()).isZero();
    assertThat(info.get("expiresAt")).isEqualTo(before.get("expiresAt"));
    assertThat(between(info, "createdAt", "lastActivity")).isPositive();
  }

  @Test
  void a_fixed_session_is_renewed_by_hand_and_stays_fixed() {
    String id = created(FIXED);
    JsonNode info = renew(id).json();
    assertThat(info.get("renewalCount").intValue()).isEqualTo(1);
    assertThat(info.get("timeoutConfig").get("autoRenew").booleanValue()).isFalse();
    JsonNode patched = timeout(id, "{\"timeoutMinutes\":20}").json();
    assertThat(between(patched, "lastActivity", "expiresAt")).isEqualTo(Duration.ofMinutes(20));
    assertThat(patched.get("renewalCount").intValue()).isEqualTo(1);
  }

  @Test
  void near_the_cap_a_renewal_succeeds_and_the_end_stays() {
    String id = created(",\"timeoutConfig\":{\"timeoutMinutes\":60,\"maxDurationMinutes\":60}");
    JsonNode info = renew(id).json();
    assertThat(info.get("renewalCount").intValue()).isEqualTo(1);
    assertThat(between(info, "createdAt", "expiresAt")).isEqualTo(Duration.ofMinutes(60));
  }

  @Test
  void every_one_of_many_heartbeats_counts() {
    String id = created();
    List<CompletableFuture<Answer>> sent = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      sent.add(Wire.post(session(id) + "/heartbeat").sendAsync());
    }
    List<Integer> counts =
        sent.stream().map(answer -> answer.join().json().get("renewalCount").intValue()).toList();
    assertThat(counts).doesNotHaveDuplicates().hasSize(30);
    assertThat(get(id).get("renewalCount").intValue()).isEqualTo(30);
  }

  @Test
  void item_10_patch_keeps_what_it_does_not_name() {
    JsonNode before =
        create(
            ",\"timeoutConfig\":{\"timeoutMinutes\":40,\"autoRenew\":false,"
                + "\"maxDurationMinutes\":100,\"warningThresholdMinutes\":7}");
    String id = before.get("sessionId").textValue();
    JsonNode info = timeout(id, "{\"timeoutMinutes\":\"50\"}").json();
    assertThat(info.get("timeoutConfig"))
        .isEqualTo(
            Answer.parse(
                "{\"timeoutMinutes\":50,\"autoRenew\":false,\"maxDurationMinutes\":100,"
                    + "\"warningThresholdMinutes\":7}"));
    assertThat(between(info, "createdAt", "expiresAt")).isEqualTo(Duration.ofMinutes(50));
    assertThat(info.get("lastActivity")).isEqualTo(before.get("createdAt"));
    assertThat(info.get("renewalCount").intValue()).isZero();
    assertThat(timeout(id, "{}").json().get("timeoutConfig")).isEqualTo(info.get("timeoutConfig"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "[{\"timeoutMinutes\":10}]",
        "{\"timeoutMinutes\":4.9}",
        "{\"timeoutMinutes\":1440.1}",
        "{\"timeoutMinutes\":null}",
        "{\"timeoutMinutes\":\"ten\"}",
        "{\"timeoutMinutes\":\"10e308\"}",
        "{\"timeoutMinutes\":true}",
        "{\"timeoutMinutes\":{}}",
        "{\"autoRenew\":\"true\"}",
        "{\"autoRenew\":null}",
        "{\"autoRenew\":1}",
        "{\"maxDurationMinutes\":null}",
        "{\"maxDurationMinutes\":\"x\"}",
        "{\"warningThresholdMinutes\":[]}",
        "{\"timeoutMinutes\":10,\"autoRenew\":7}"
      })
  void patch_refuses_and_changes_nothing(String body) {
    String id = created();
    JsonNode before = get(id).get("timeoutConfig");
    JsonNode error = error(timeout(id, body), 400, "VALIDATION_ERROR");
    assertThat(error.get("message").textValue()).startsWith("Invalid timeout configuration: ");
    assertThat(error.get("details").get("reason").textValue()).isNotBlank();
    assertThat(get(id).get("timeoutConfig")).isEqualTo(before);
    error(timeout("nobody", body), 404, "SESSION_NOT_FOUND");
  }

  @Test
  void patch_names_the_range() {
    assertThat(timeout(created(), "{\"timeoutMinutes\":4}").json().at("/error/message").textValue())
        .isEqualTo("Invalid timeout configuration: Timeout must be between 5 and 1440 minutes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"maxDurationMinutes\":1} | maxDurationMinutes | 30",
        "{\"maxDurationMinutes\":99999} | maxDurationMinutes | 2880",
        "{\"warningThresholdMinutes\":-3} | warningThresholdMinutes | 1",
        "{\"warningThresholdMinutes\":\"0x10\"} | warningThresholdMinutes | 16"
      })
  void patch_clamps_the_other_two(String body, String field, int shown) {
    JsonNode info = timeout(created(), body).json();
    assertThat(info.get("timeoutConfig").get(field).intValue()).isEqualTo(shown);
  }

  @Test
  void delete_ends_the_session_for_good() {
    String id = created();
    Answer answer = Wire.request("DELETE", session(id)).send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    String outcome = "{\"success\":true,\"message\":\"Session " + id + " deleted successfully\"}";
    JsonNode body = answer.json();
    assertThat(body.get("data")).isEqualTo(Answer.parse(outcome));
    ObjectNode flat = body.deepCopy();
    flat.remove("data");
    assertThat(flat.toString()).isEqualTo(outcome);
    everyCallIs(id, 404, "SESSION_NOT_FOUND");
    error(Wire.request("DELETE", session(id)).send(), 404, "SESSION_NOT_FOUND");
    JsonNode row = Wire.get(Fixtures.session(id)).asAcme().send().json();
    assertThat(row.get("closedReason").textValue()).isEqualTo("deleted");
    assertThat(lifecycle(id)).containsExactly("created", "deleted");
  }

  @Test
  void closed_over_the_durable_face_is_gone() {
    String id = created();
    assertThat(Fixtures.close(id, "{\"reason\":\"done\"}").status()).isEqualTo(200);
    JsonNode error = everyCallIs(id, 410, "SESSION_CLOSED");
    assertThat(error.get("details").get("sessionId").textValue()).isEqualTo(id);
    assertThat(error.get("details").get("expiresAt").textValue()).matches(ISO);
    error(Wire.request("DELETE", session(id)).send(), 410, "SESSION_CLOSED");
    assertThat(lifecycle(id)).containsExactly("created", "closed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00000000-0000-4000-8000-00000000dead",
        "not-a-uuid",
        "session_00000000000000000000000000000000",
        "session_short",
        "%",
        "..%2F",
        "a:channels:b"
      })
  void an_unknown_id_is_not_found_whatever_it_looks_like(String id) {
    JsonNode error = everyCallIs(id, 404, "SESSION_NOT_FOUND");
    assertThat(error.get("message").textValue())
        .isEqualTo("Session with ID '" + id + "' not found");
    assertThat(error.get("details").get("sessionId").textValue()).isEqualTo(id);
    error(Wire.request("DELETE", session(id)).send(), 404, "SESSION_NOT_FOUND");
  }

  @Test
  void a_session_of_the_durable_face_is_none_of_this_face() {
    everyCallIs(Fixtures.created("durable"), 404, "SESSION_NOT_FOUND");
    String pretender = Fixtures.fresh("pretender");
    String body = Fixtures.createBody(pretender).replace("\"chat\"", "\"messaging\"");
    assertThat(Wire.post(Fixtures.SESSIONS).asAcme().body(body).send().status()).isEqualTo(201);
    everyCallIs(pretender, 404, "SESSION_NOT_FOUND");
    error(Wire.request("DELETE", session(pretender)).send(), 404, "SESSION_NOT_FOUND");
    String friendly =
        Wire.get(Fixtures.session(created())).asAcme().send().json().get("id").textValue();
    everyCallIs(friendly, 404, "SESSION_NOT_FOUND");
  }

  private static JsonNode everyCallIs(String id, int status, String code) {
    error(renew(id), status, code);
    error(heartbeat(id), status, code);
    error(timeout(id, "{\"timeoutMinutes\":10}"), status, code);
    error(timeout(id, "[]"), status, code);
    return error(Wire.get(session(id)).send(), status, code);
  }

  private static List<String> lifecycle(String id) {
    List<String> types = new ArrayList<>();
    Wire.get(Fixtures.channel(id, "channels/lifecycle/out/records"))
        .asAcme()
        .send()
        .json()
        .get("records")
        .forEach(
            record -> {
              JsonNode data = record.get("data");
              JsonNode event = data.isTextual() ? Answer.parse(data.textValue()) : data;
              types.add(event.get("type").textValue());
            });
    return types;
  }

  private static Duration between(JsonNode info, String from, String to) {
    return Duration.between(
        Instant.parse(info.get(from).textValue()), Instant.parse(info.get(to).textValue()));
  }
}
