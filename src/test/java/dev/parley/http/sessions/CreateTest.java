package dev.parley.http.sessions;

import static dev.parley.http.Fixtures.SESSIONS;
import static dev.parley.http.Fixtures.create;
import static dev.parley.http.Fixtures.createBody;
import static dev.parley.http.Fixtures.created;
import static dev.parley.http.Fixtures.fresh;
import static dev.parley.http.Fixtures.records;
import static dev.parley.http.Fixtures.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.TestServer;
import dev.parley.http.Answer;
import dev.parley.http.Fixtures;
import dev.parley.http.Wire;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** trigger.md sections 3.1 to 3.3. */
class CreateTest {
  private static final List<String> KEYS =
      List.of(
          "id",
          "externalId",
          "type",
          "taskIdentifier",
          "triggerConfig",
          "currentRunId",
          "tags",
          "metadata",
          "closedAt",
          "closedReason",
          "expiresAt",
          "createdAt",
          "updatedAt");

  @Test
  void a_new_session_has_every_key_and_a_token() {
    String key = fresh("new");
    JsonNode row = create(key);
    assertThat(row.properties()).extracting(field -> field.getKey()).containsAll(KEYS);
    assertThat(row.get("id").asText()).matches("session_[0-9a-f]{32}");
    assertThat(row.get("externalId").asText()).isEqualTo(key);
    assertThat(row.get("runId").asText())
        .startsWith("run_")
        .isEqualTo(row.get("currentRunId").asText());
    assertThat(row.get("isCached").asBoolean()).isFalse();
    assertThat(row.get("tags")).isEmpty();
    assertThat(row.get("createdAt").asText()).matches("....-..-..T..:..:..\\.\\d{3}Z");
    for (String absent : List.of("metadata", "closedAt", "closedReason", "expiresAt")) {
      assertThat(row.get(absent).isNull()).as(absent).isTrue();
    }
  }

  @Test
  void the_token_of_a_session_reads_and_writes_it_and_no_other() {
    String key = fresh("own");
    String token = create(key).get("publicAccessToken").asText();
    String other = created("other");
    assertThat(Wire.get(session(key)).as(token).send().status()).isEqualTo(200);
    assertThat(Wire.post(Fixtures.channel(key, "in/append")).as(token).body("x").send().status())
        .isEqualTo(200);
    assertThat(Wire.get(session(other)).as(token).send().status()).isEqualTo(403);
    assertThat(Wire.post(session(key) + "/close").as(token).body("{}").send().status())
        .isEqualTo(403);
  }

  @Test
  void both_addresses_retrieve_the_same_row() {
    String key = fresh("a/b %?ü+😀");
    JsonNode row = create(key);
    for (String address : List.of(key, row.get("id").asText())) {
      Answer answer = Wire.get(session(address)).asAcme().send();
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      assertThat(answer.json().get("externalId").asText()).isEqualTo(key);
      assertThat(answer.json().has("publicAccessToken")).isFalse();
      assertThat(answer.json().properties())
          .extracting(field -> field.getKey())
          .containsExactlyInAnyOrderElementsOf(KEYS);
    }
    Answer nobody = Wire.get(session("nobody")).asAcme().send();
    assertThat(nobody.status()).isEqualTo(404);
    assertThat(nobody.header("x-should-retry")).isEqualTo("false");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"0001-01-01T00:00:00Z\"", "-8640000000000000"})
  void an_end_before_all_times_is_an_end_like_others(String end) {
    String key = fresh("past");
    create(key, ",\"expiresAt\":" + end);
    Answer late = Wire.post(Fixtures.channel(key, "in/append")).asAcme().body("x").send();
    assertThat(late.status()).as(late.body()).isEqualTo(400);
    Answer read = Wire.get(Fixtures.channel(key, "in/records")).asAcme().send();
    assertThat(read.status()).as(read.body()).isEqualTo(200);
  }

  @Test
  void without_an_external_id_every_call_makes_a_session() {
    String body =
        "{\"type\":\"t\",\"taskIdentifier\":\"x\",\"triggerConfig\":{\"basePayload\":{}}}";
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      Answer answer = Wire.post(SESSIONS).asAcme().body(body).send();
      assertThat(answer.status()).isEqualTo(201);
      ids.add(answer.json().get("id").asText());
    }
    assertThat(ids).hasSize(3);
  }

  @Test
  void fifty_concurrent_creates_make_one_session_and_one_run() {
    String key = fresh("race");
    List<CompletableFuture<Answer>> calls =
        IntStream.range(0, 50)
            .mapToObj(i -> Wire.post(SESSIONS).asAcme().body(createBody(key)).sendAsync())
            .toList();
    List<Answer> answers = calls.stream().map(CompletableFuture::join).toList();
    assertThat(answers).extracting(Answer::status).containsOnly(200, 201);
    assertThat(answers).filteredOn(answer -> answer.status() == 201).hasSize(1);
    assertThat(answers).filteredOn(answer -> !answer.json().get("isCached").asBoolean()).hasSize(1);
    assertThat(answers)
        .extracting(answer -> answer.json().get("id").asText())
        .containsOnly(answers.get(0).json().get("id").asText());
    assertThat(answers)
        .extracting(answer -> answer.json().get("runId").asText())
        .containsOnly(answers.get(0).json().get("runId").asText());
    assertThat(records(key, "channels/lifecycle/out")).hasSize(1);
  }

  @Test
  void a_cached_create_writes_through_what_it_gives_and_leaves_the_rest() {
    String key = fresh("cached");
    JsonNode first =
        create(key, ",\"tags\":[\"a\"],\"metadata\":{\"m\":1},\"expiresAt\":\"2099-01-01\"");
    String other =
        "{\"type\":\"changed\",\"taskIdentifier\":\"changed\",\"externalId\":\""
            + key
            + "\",\"triggerConfig\":{\"basePayload\":{\"n\":2},\"queue\":\"q\"}";
    Answer second = Wire.post(SESSIONS).asAcme().body(other + "}").send();
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.json().get("isCached").asBoolean()).isTrue();
    assertThat(second.json().get("publicAccessToken").asText()).isNotEmpty();
    assertThat(second.json().get("runId")).isEqualTo(first.get("runId"));
    JsonNode row = Wire.get(session(key)).asAcme().send().json();
    assertThat(row.get("triggerConfig").toString())
        .isEqualTo("{\"basePayload\":{\"n\":2},\"queue\":\"q\"}");
    assertThat(row.get("tags").toString()).isEqualTo("[\"a\"]");
    assertThat(row.get("metadata").toString()).isEqualTo("{\"m\":1}");
    assertThat(row.get("type").asText()).isEqualTo("chat");

    Wire.post(SESSIONS)
        .asAcme()
        .body(other + ",\"tags\":[],\"metadata\":{\"m\":2},\"expiresAt\":\"2098-01-01T00:00:00Z\"}")
        .send();
    row = Wire.get(session(key)).asAcme().send().json();
    assertThat(row.get("tags")).isEmpty();
    assertThat(row.get("metadata").toString()).isEqualTo("{\"m\":2}");
    assertThat(row.get("expiresAt").asText()).isEqualTo("2098-01-01T00:00:00.000Z");
    assertThat(Instant.parse(row.get("updatedAt").asText()))
        .isAfterOrEqualTo(Instant.parse(row.get("createdAt").asText()));
  }

  static Stream<Arguments> trimmed() {
    return Stream.of(
        arguments("blanks", "  %s  "),
        arguments("line ends", "\\n%s\\t\\r"),
        arguments("no-break space", "\\u00a0%s\\u00a0"),
        arguments("byte order mark", "\\ufeff%s"),
        arguments("ideographic space", "%s\\u3000"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("trimmed")
  void an_external_id_is_trimmed_as_JavaScript_trims(String name, String pattern) {
    String key = fresh("trim");
    assertThat(create(pattern.formatted(key)).get("externalId").asText()).isEqualTo(key);
    assertThat(Wire.post(SESSIONS).asAcme().body(createBody(key)).send().status()).isEqualTo(200);
  }

  static Stream<Arguments> dates() {
    long in = Instant.parse("2098-01-01T00:00:00Z").toEpochMilli();
    return Stream.of(
        arguments("\"2098-01-01\"", "2098-01-01T00:00:00.000Z"),
        arguments("\"2098-01-01T00:00:00Z\"", "2098-01-01T00:00:00.000Z"),
        arguments("\"2098-01-01T02:00:00.5+02:00\"", "2098-01-01T00:00:00.500Z"),
        arguments("\"Wed, 01 Jan 2098 00:00:00 GMT\"", "2098-01-01T00:00:00.000Z"),
        arguments("\"January 1, 2098\"", null),
        arguments("\"1/1/2098\"", "2098-01-01T00:00:00.000Z"),
        arguments(Long.toString(in), "2098-01-01T00:00:00.000Z"));
  }

  @ParameterizedTest
  @MethodSource("dates")
  void expiresAt_takes_what_new_Date_takes(String date, String wanted) {
    JsonNode row = create(fresh("date"), ",\"expiresAt\":" + date);
    if (wanted != null) {
      assertThat(row.get("expiresAt").asText()).isEqualTo(wanted);
    }
  }

  /** Each field of the body that must be refused, and words of the answer. */
  static Stream<Arguments> invalid() {
    return Stream.of(
        arguments("type", "\"\""),
        arguments("type", "\"" + "t".repeat(65) + "\""),
        arguments("type", "1"),
        arguments("type", "null"),
        arguments("type", "\"a\\u0000\""),
        arguments("type", "\"\\ud800\""),
        arguments("taskIdentifier", "\"\""),
        arguments("taskIdentifier", "\"" + "t".repeat(129) + "\""),
        arguments("taskIdentifier", "[]"),
        arguments("externalId", "\"\""),
        arguments("externalId", "\"  \""),
        arguments("externalId", "\"" + "e".repeat(257) + "\""),
        arguments("externalId", "\"session_x\""),
        arguments("externalId", "\"  session_x\""),
        arguments("externalId", "\"a:channels:b\""),
        arguments("externalId", "7"),
        arguments("externalId", "null"),
        arguments("externalId", "\"a\\u0000b\""),
        arguments("externalId", "\"\\u0000ab\""),
        arguments("externalId", "\"\\udc00\""),
        arguments("tags", "\"a\""),
        arguments("tags", "[1]"),
        arguments("tags", "[null]"),
        arguments("tags", "[\"" + "t".repeat(129) + "\"]"),
        arguments("tags", "[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\"]"),
        arguments("tags", "[\"\\u0000\"]"),
        arguments("metadata", "[]"),
        arguments("metadata", "\"m\""),
        arguments("metadata", "1"),
        arguments("metadata", "null"),
        arguments("metadata", "{\"a\":[\"\\udfff\"]}"),
        arguments("expiresAt", "\"tomorrow\""),
        arguments("expiresAt", "\"\""),
        arguments("expiresAt", "1e17"),
        arguments("expiresAt", "-1e300"),
        arguments("expiresAt", "{}"),
        arguments("expiresAt", "true"),
        arguments("expiresAt", "\"2026-02-30\""),
        arguments("expiresAt", "\"" + "9".repeat(1000) + "\""),
        arguments("triggerConfig", "null"),
        arguments("triggerConfig", "[]"),
        arguments("triggerConfig", "{}"),
        arguments("triggerConfig", "{\"basePayload\":[]}"));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("invalid")
  void a_bad_field_is_refused(String field, String value) {
    assertRefused(replaced(field, value));
  }

  static Stream<Arguments> invalidConfig() {
    return Stream.of(
        arguments("machine", "\"huge\""),
        arguments("queue", "\"" + "q".repeat(129) + "\""),
        arguments("concurrency", "[\"a\",\"b\",\"c\"]"),
        arguments("concurrency", "[\"a b\"]"),
        arguments("concurrency", "[\"" + "c".repeat(123) + "\"]"),
        arguments("concurrency", "[\"\"]"),
        arguments("concurrencyKey", "{}"),
        arguments("tags", "[1]"),
        arguments("tags", "[\"" + "t".repeat(129) + "\"]"),
        arguments("maxAttempts", "0"),
        arguments("maxAttempts", "11"),
        arguments("maxAttempts", "1.5"),
        arguments("maxDuration", "0"),
        arguments("maxDuration", "\"1\""),
        arguments("lockToVersion", "1"),
        arguments("externalDeploymentId", "\"" + "d".repeat(129) + "\""),
        arguments("region", "1"),
        arguments("idleTimeoutInSeconds", "0"),
        arguments("idleTimeoutInSeconds", "3601"),
        arguments("ttl", "-1"),
        arguments("ttl", "1.5"),
        arguments("ttl", "null"));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("invalidConfig")
  void a_bad_field_of_the_trigger_configuration_is_refused(String field, String value) {
    assertRefused(
        replaced("triggerConfig", "{\"basePayload\":{},\"" + field + "\":" + value + "}"));
  }

  @Test
  void all_fields_at_their_bounds_are_taken() {
    String body =
        "{\"type\":\""
            + "t".repeat(64)
            + "\",\"taskIdentifier\":\""
            + "i".repeat(128)
            + "\",\"externalId\":\""
            + fresh("bounds")
            + "\",\"tags\":[\""
            + "x".repeat(128)
            + "\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\"],"
            + "\"metadata\":{},\"triggerConfig\":{\"basePayload\":{\"a\":null},\"machine\":\"large-2x\",\"queue\":\"q\",\"concurrency\":[\"a_-9\",\"b\"],"
            + "\"concurrencyKey\":7,\"tags\":[\"t\"],\"maxAttempts\":10,\"maxDuration\":1,\"lockToVersion\":\"v\",\"externalDeploymentId\":null,\"region\":\"r\",\"idleTimeoutInSeconds\":3600,\"ttl\":0,\"unknown\":1},\"unknown\":1}";
    Answer answer = Wire.post(SESSIONS).asAcme().body(body).send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    String longest = "e".repeat(220) + fresh("");
    assertThat(create(longest.substring(0, 256)).get("externalId").asText()).hasSize(256);
  }

  @Test
  void a_closed_or_expired_session_is_not_created_again() {
    String closed = created("closed");
    Fixtures.close(closed, "{}");
    Answer again = Wire.post(SESSIONS).asAcme().body(createBody(closed)).send();
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.error())
        .isEqualTo("Session is closed; use a different externalId to create a new session");
    String expired = fresh("expired");
    create(expired, ",\"expiresAt\":\"" + Instant.now().minus(Duration.ofSeconds(5)) + "\"");
    again = Wire.post(SESSIONS).asAcme().body(createBody(expired)).send();
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.error()).startsWith("Session is expired; ");
    assertThat(again.header("x-should-retry")).isEqualTo("false");
  }

  @Test
  void tenants_do_not_see_each_other() {
    String key = fresh("shared");
    JsonNode acme = create(key);
    Answer made = Wire.post(SESSIONS).as(TestServer.GLOBEX_KEY).body(createBody(key)).send();
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.json().get("id")).isNotEqualTo(acme.get("id"));
    String foreign = acme.get("id").asText();
    for (Wire request :
        List.of(
            Wire.get(session(foreign)),
            Wire.patch(session(foreign)).body("{}"),
            Wire.post(session(foreign) + "/close").body("{}"),
            Wire.get(Fixtures.channel(foreign, "in")),
            Wire.get(Fixtures.channel(foreign, "in/records")),
            Wire.put(Fixtures.channel(foreign, "in")),
            Wire.post(Fixtures.channel(foreign, "in/append")).body("x"))) {
      assertThat(request.as(TestServer.GLOBEX_KEY).send().status()).isEqualTo(404);
    }
    Wire.post(Fixtures.channel(key, "in/append")).as(TestServer.GLOBEX_KEY).body("theirs").send();
    assertThat(records(key, "in")).isEmpty();
  }

  private static String replaced(String field, String value) {
    ObjectNode body = (ObjectNode) Answer.parse(createBody(fresh("bad")));
    body.remove(field);
    String text = body.toString();
    return text.substring(0, text.length() - 1) + ",\"" + field + "\":" + value + "}";
  }

  private static void assertRefused(String body) {
    Answer answer = Wire.post(SESSIONS).asAcme().body(body).send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.error()).startsWith("Validation error: ");
  }
}
