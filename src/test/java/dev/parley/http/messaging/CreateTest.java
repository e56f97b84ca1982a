package dev.parley.http.messaging;

import static dev.parley.http.messaging.Messaging.AGENT;
import static dev.parley.http.messaging.Messaging.ISO;
import static dev.parley.http.messaging.Messaging.SESSIONS;
import static dev.parley.http.messaging.Messaging.UUID_V4;
import static dev.parley.http.messaging.Messaging.create;
import static dev.parley.http.messaging.Messaging.createBody;
import static dev.parley.http.messaging.Messaging.error;
import static dev.parley.http.messaging.Messaging.tryCreate;
import static dev.parley.http.messaging.Messaging.user;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.http.Answer;
import dev.parley.http.Fixtures;
import dev.parley.http.Wire;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** eliza.md sections 2, 3.3 and 5.1: what makes a session, and in which order it is checked. */
class CreateTest {
  @ParameterizedTest
  @EnumSource
  void answers_the_session_whole(Wire.Version version) {
    String user = user();
    Answer answer =
        Wire.post(SESSIONS)
            .over(version)
            .body(createBody(user, ",\"metadata\":{\"a\":[1]}"))
            .send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    JsonNode body = answer.json();
    assertThat(body.get("sessionId").textValue()).matches(UUID_V4);
    assertThat(body.get("channelId").textValue())
        .matches(UUID_V4)
        .isNotEqualTo(body.get("sessionId").textValue());
    assertThat(body.get("agentId").textValue()).isEqualTo(AGENT);
    assertThat(body.get("userId").textValue()).isEqualTo(user);
    assertThat(body.get("createdAt").textValue()).matches(ISO);
    assertThat(body.get("expiresAt").textValue()).matches(ISO);
    assertThat(body.get("metadata")).isEqualTo(Answer.parse("{\"a\":[1]}"));
    assertThat(body.get("timeoutConfig"))
        .isEqualTo(
            Answer.parse(
                "{\"timeoutMinutes\":30,\"autoRenew\":true,\"maxDurationMinutes\":720,"
                    + "\"warningThresholdMinutes\":5}"));
    assertThat(lifeOf(body)).isEqualTo(Duration.ofMinutes(30));
    // The client would return undefined (part 11).
    assertThat(body.has("success")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "[]", "{\"agentId\":\"x\"}", "{\"userId\":7,\"agentId\":\"x\"}", ""})
  void both_ids_are_named_whichever_is_missing(String body) {
    JsonNode error = error(Wire.post(SESSIONS).body(body).send(), 400, "VALIDATION_ERROR");
    assertThat(error.get("message").textValue())
        .isEqualTo("Missing required fields: agentId, userId");
    assertThat(error.get("details").get("missingFields")).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "x, y, agentId",
    "00000000-0000-4000-8000-0000000000ec, y, userId",
    "00000000-0000-4000-8000-0000000000e, 00000000-0000-4000-8000-000000000001, agentId",
    "00000000-0000-4000-8000-0000000000ec, g0000000-0000-4000-8000-000000000001, userId"
  })
  void the_shape_of_the_agents_id_is_checked_first(String agent, String user, String field) {
    String body = "{\"agentId\":\"%s\",\"userId\":\"%s\",\"metadata\":1}".formatted(agent, user);
    JsonNode error = error(Wire.post(SESSIONS).body(body).send(), 400, "VALIDATION_ERROR");
    assertThat(error.get("message").textValue()).contains("'" + field + "'");
    assertThat(error.get("details").get("field").textValue()).isEqualTo(field);
  }

  @Test
  void ids_are_of_any_version_and_case_and_come_back_as_they_were() {
    String agent = AGENT.toUpperCase(java.util.Locale.ROOT);
    String user = "B850BC30-45F8-0041-A00A-83DF46D8555D";
    String body = "{\"agentId\":\"%s\",\"userId\":\"%s\",\"author_id\":1}".formatted(agent, user);
    Answer answer = Wire.post(SESSIONS).body(body).send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    assertThat(answer.json().get("agentId").textValue()).isEqualTo(agent);
    assertThat(answer.json().get("userId").textValue()).isEqualTo(user);
  }

  @Test
  void an_unknown_agent_is_found_out_before_bad_metadata() {
    String unknown = "b850bc30-45f8-0041-a00a-83df46d8555d";
    String body =
        "{\"agentId\":\"%s\",\"userId\":\"%s\",\"metadata\":1}".formatted(unknown, user());
    JsonNode error = error(Wire.post(SESSIONS).body(body).send(), 404, "AGENT_NOT_FOUND");
    assertThat(error.get("message").textValue())
        .isEqualTo("Agent with ID '" + unknown + "' not found");
    assertThat(error.get("details").get("agentId").textValue()).isEqualTo(unknown);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",\"metadata\":null", ",\"metadata\":{}"})
  void no_metadata_is_an_empty_object(String more) {
    assertThat(create(more).get("metadata")).isEqualTo(Answer.parse("{}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "\"text\"", "1", "true", "{\"a\":\"\\ud800\"}"})
  void metadata_is_an_object(String metadata) {
    JsonNode error = error(tryCreate(",\"metadata\":" + metadata), 400, "VALIDATION_ERROR");
    assertThat(error.get("message").textValue()).startsWith("Invalid metadata: ");
    assertThat(error.get("details").get("reason").textValue()).isNotBlank();
  }

  @ParameterizedTest
  @CsvSource({"a, 10240, 201", "a, 10241, 400", "ä, 10240, 201", "ä, 10241, 400"})
  void metadata_is_measured_in_utf_16_units_of_the_compact_text(
      String letter, int length, int status) {
    String padded = " { \"k\" :  \"" + letter.repeat(length - "{\"k\":\"\"}".length()) + "\" } ";
    Answer answer = tryCreate(",\"metadata\":" + padded);
    assertThat(answer.status()).isEqualTo(status);
    if (status == 400) {
      assertThat(error(answer, 400, "VALIDATION_ERROR").get("message").textValue())
          .contains("10240 bytes");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "null | 30",
        "\"\" | 5",
        "\"  \" | 5",
        "\"12.34.56\" | 30",
        "\"10e308\" | 30",
        "\"-10e308\" | 30",
        "10e308 | 30",
        "\"0x10\" | 16",
        "\"010\" | 10",
        "\"1e2\" | 100",
        "\"1,000\" | 30",
        "5.5 | 5.5",
        "4.9 | 5",
        "-1 | 5",
        "1440 | 1440",
        "1441 | 1440",
        "{} | 30",
        "[60] | 30",
        "true | 30"
      })
  void any_timeout_is_understood_or_clamped(String given, double minutes) {
    JsonNode body = create(",\"timeoutConfig\":{\"timeoutMinutes\":" + given + "}");
    JsonNode shown = body.get("timeoutConfig").get("timeoutMinutes");
    assertThat(shown.doubleValue()).isEqualTo(minutes);
    assertThat(shown.isIntegralNumber()).isEqualTo(minutes == Math.rint(minutes));
  }

  @ParameterizedTest
  @CsvSource({
    // timeout, asked maximum, shown maximum, lifetime in minutes
    "60, 600, 600, 60",
    "60, 10, 60, 60",
    "60, 99999, 2880, 60",
    "1440, , 720, 720"
  })
  void the_maximum_is_clamped_but_never_raised_unasked(
      int timeout, Integer asked, int maximum, int life) {
    String more = asked == null ? "" : ",\"maxDurationMinutes\":" + asked;
    JsonNode body = create(",\"timeoutConfig\":{\"timeoutMinutes\":" + timeout + more + "}");
    assertThat(body.get("timeoutConfig").get("maxDurationMinutes").intValue()).isEqualTo(maximum);
    assertThat(body.get("timeoutConfig").get("timeoutMinutes").intValue()).isEqualTo(timeout);
    assertThat(lifeOf(body)).isEqualTo(Duration.ofMinutes(life));
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "-5, 1", "0.5, 1", "2.5, 2.5", "100000, 100000"})
  void the_warning_threshold_has_only_a_lower_bound(String given, double minutes) {
    JsonNode body = create(",\"timeoutConfig\":{\"warningThresholdMinutes\":" + given + "}");
    assertThat(body.get("timeoutConfig").get("warningThresholdMinutes").doubleValue())
        .isEqualTo(minutes);
  }

  @ParameterizedTest
  @CsvSource({"true, true", "false, false", "\"true\", true", "\"false\", false"})
  void auto_renew_means_what_it_says(String given, boolean shown) {
    JsonNode body = create(",\"timeoutConfig\":{\"autoRenew\":" + given + "}");
    assertThat(body.get("timeoutConfig").get("autoRenew").booleanValue()).isEqualTo(shown);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"no\"", "1", "null", "{}"})
  void another_auto_renew_is_refused(String given) {
    JsonNode error =
        error(
            tryCreate(",\"timeoutConfig\":{\"autoRenew\":" + given + "}"), 400, "VALIDATION_ERROR");
    assertThat(error.get("message").textValue()).startsWith("Invalid timeout configuration: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "[]", "\"long\"", "7"})
  void a_configuration_that_is_none_is_ignored(String config) {
    assertThat(create(",\"timeoutConfig\":" + config).get("timeoutConfig").get("timeoutMinutes"))
        .isEqualTo(Answer.parse("30"));
  }

  @Test
  void a_session_is_an_ordinary_session_on_the_durable_face() {
    JsonNode body = create(",\"metadata\":{\"plan\":\"pro\"}");
    String id = body.get("sessionId").textValue();
    Answer answer = Wire.get(Fixtures.session(id)).asAcme().send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    JsonNode row = answer.json();
    assertThat(row.get("externalId").textValue()).isEqualTo(id);
    assertThat(row.get("type").textValue()).isEqualTo("messaging");
    assertThat(row.get("taskIdentifier").textValue()).isEqualTo(AGENT);
    assertThat(row.get("tags"))
        .isEqualTo(
            Answer.parse(
                "[\"agent:%s\",\"user:%s\"]".formatted(AGENT, body.get("userId").textValue())));
    assertThat(row.get("metadata")).isEqualTo(body.get("metadata"));
    assertThat(row.get("createdAt")).isEqualTo(body.get("createdAt"));
    assertThat(row.get("expiresAt")).isEqualTo(body.get("expiresAt"));
    assertThat(row.get("currentRunId").textValue()).startsWith("run_");
    assertThat(row.get("triggerConfig").get("basePayload").get("channelId"))
        .isEqualTo(body.get("channelId"));
  }

  @Test
  void the_durable_face_does_not_change_who_talks_where() {
    JsonNode body = create("");
    String id = body.get("sessionId").textValue();
    Answer through = Wire.post(Fixtures.SESSIONS).asAcme().body(Fixtures.createBody(id)).send();
    assertThat(through.status()).as(through.body()).isEqualTo(200);
    JsonNode after = Messaging.get(id);
    for (String field : new String[] {"channelId", "agentId", "userId", "expiresAt"}) {
      assertThat(after.get(field)).as(field).isEqualTo(body.get(field));
    }
  }

  private static Duration lifeOf(JsonNode body) {
    return Duration.between(
        Instant.parse(body.get("createdAt").textValue()),
        Instant.parse(body.get("expiresAt").textValue()));
  }
}
