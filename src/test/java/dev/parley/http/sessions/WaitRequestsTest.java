package dev.parley.http.sessions;

import static dev.parley.http.Fixtures.append;
import static dev.parley.http.Fixtures.close;
import static dev.parley.http.Fixtures.create;
import static dev.parley.http.Fixtures.created;
import static dev.parley.http.Fixtures.fresh;
import static dev.parley.http.Fixtures.token;
import static dev.parley.http.sessions.Waits.RUN;
import static dev.parley.http.sessions.Waits.TOKENS;
import static dev.parley.http.sessions.Waits.ask;
import static dev.parley.http.sessions.Waits.body;
import static dev.parley.http.sessions.Waits.ended;
import static dev.parley.http.sessions.Waits.enginePath;
import static dev.parley.http.sessions.Waits.now;
import static dev.parley.http.sessions.Waits.registered;
import static dev.parley.http.sessions.Waits.status;
import static dev.parley.http.sessions.Waits.time;
import static dev.parley.http.sessions.Waits.waitPath;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.Eventually;
import dev.parley.TestServer;
import dev.parley.http.Answer;
import dev.parley.http.Fixtures;
import dev.parley.http.Wire;
import dev.parley.session.RunId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * trigger.md sections 5.1 and 5.2, across.md section 3: what may be asked for, and what is refused.
 */
class WaitRequestsTest {
  private static final String UNKNOWN_SESSION = "session_" + "0".repeat(32);

  @ParameterizedTest
  @CsvSource({
    "30s, PT30S",
    "10m, PT10M",
    "1h, PT1H",
    "1d, P1D",
    "2 weeks, P14D",
    "1.5 hours, PT1H30M",
    "90 MINUTES, PT1H30M"
  })
  void a_timeout_may_be_a_span(String timeout, Duration expected) {
    JsonNode waitpoint = now(registered(created("span"), "in", ",\"timeout\":\"" + timeout + "\""));
    assertThat(waitpoint.get("status").asText()).isEqualTo("WAITING");
    assertThat(time(waitpoint, "timeoutAt"))
        .isCloseTo(time(waitpoint, "createdAt").plus(expected), within(1, ChronoUnit.SECONDS));
  }

  @ParameterizedTest
  @CsvSource({
    "2100-01-02T03:04:05.678Z, 2100-01-02T03:04:05.678Z",
    "2100-01-02T03:04:05+02:00, 2100-01-02T01:04:05.000Z",
    "2100-01-02, 2100-01-02T00:00:00.000Z"
  })
  void a_timeout_may_be_a_date(String timeout, String expected) {
    String id = registered(created("date"), "in", ",\"timeout\":\"" + timeout + "\"");
    assertThat(now(id).get("timeoutAt").asText()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0s", "2001-02-03T04:05:06Z"})
  void a_deadline_that_has_passed_is_met_at_once(String timeout) {
    JsonNode waitpoint = now(registered(created("past"), "in", ",\"timeout\":\"" + timeout + "\""));
    assertThat(waitpoint.get("status").asText()).isEqualTo("TIMED_OUT");
    assertThat(waitpoint.get("outputIsError").booleanValue()).isTrue();
  }

  @Test
  void a_record_that_is_there_comes_before_a_deadline_that_has_passed() {
    String key = created("past-record");
    append(key, "x");
    assertThat(status(registered(key, "in", ",\"timeout\":\"0s\""))).isEqualTo("COMPLETED");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "soon", "30", "-30s", "30 parsecs", "1s 2s", "2026-13-01", "s", "9999999y"})
  void a_bad_timeout_is_refused(String timeout) {
    for (String path : List.of(waitPath(RUN), TOKENS)) {
      Answer answer =
          Wire.post(path)
              .asAcme()
              .body(body(fresh("bad"), "in", ",\"timeout\":\"" + timeout + "\""))
              .send();
      assertThat(answer.status()).as(answer.body()).isEqualTo(400);
      assertThat(answer.error()).isNotBlank();
    }
  }

  @Test
  void each_waiter_has_its_own_deadline() {
    String key = created("deadlines");
    String none = registered(key, "in");
    String second = registered(key, "in", ",\"timeout\":\"4s\"");
    String first = registered(key, "in", ",\"timeout\":\"1s\"");
    String far = registered(key, "out", ",\"timeout\":\"1h\"");
    JsonNode firstEnded = ended(first);
    assertThat(status(second)).isEqualTo("WAITING");
    JsonNode secondEnded = ended(second);
    for (JsonNode ended : List.of(firstEnded, secondEnded)) {
      assertThat(ended.get("status").asText()).isEqualTo("TIMED_OUT");
      assertThat(time(ended, "completedAt"))
          .isBetween(time(ended, "timeoutAt"), time(ended, "timeoutAt").plusSeconds(1));
    }
    assertThat(status(none)).isEqualTo("WAITING");
    assertThat(status(far)).isEqualTo("WAITING");
    append(key, "late");
    assertThat(status(none)).isEqualTo("COMPLETED");
    assertThat(now(first)).isEqualTo(firstEnded);
  }

  @Test
  void tags_may_be_one_or_up_to_ten() {
    String key = created("tags");
    assertThat(now(registered(key, "in")).get("tags").toString()).isEqualTo("[]");
    assertThat(now(registered(key, "in", ",\"tags\":\"one é\"")).get("tags").toString())
        .isEqualTo("[\"one é\"]");
    assertThat(now(registered(key, "in", ",\"tags\":" + tags(10))).get("tags").toString())
        .isEqualTo(tags(10));
    Answer eleven = ask(key, "in", ",\"tags\":" + tags(11));
    assertThat(eleven.status()).isEqualTo(422);
    assertThat(eleven.error()).startsWith("Waitpoints can only have 10 tags, ");
    Answer token = Wire.post(TOKENS).asAcme().body("{\"tags\":" + tags(11) + "}").send();
    assertThat(token.status()).isEqualTo(422);
  }

  private static String tags(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"t" + i + "\"")
        .collect(Collectors.joining(",", "[", "]"));
  }

  @Test
  void an_idempotency_key_finds_the_earlier_waitpoint() {
    String key = created("idempotent");
    String first = registered(key, "in", ",\"idempotencyKey\":\"k\",\"tags\":\"a\"");
    Answer again = ask(key, "in", ",\"idempotencyKey\":\"k\",\"timeout\":\"1h\"");
    assertThat(again.body()).isEqualTo("{\"waitpointId\":\"" + first + "\",\"isCached\":true}");
    JsonNode waitpoint = now(first);
    assertThat(waitpoint.get("idempotencyKey").asText()).isEqualTo("k");
    assertThat(waitpoint.has("timeoutAt")).isFalse();
    assertThat(time(waitpoint, "idempotencyKeyExpiresAt"))
        .isCloseTo(
            time(waitpoint, "createdAt").plus(Duration.ofDays(30)), within(1, ChronoUnit.SECONDS));
    assertThat(registered(key, "in", ",\"idempotencyKey\":\"K\"")).isNotEqualTo(first);
    assertThat(registered(key, "in")).isNotEqualTo(first);

    append(key, "x");
    close(key, "{}");
    // A repetition gets the first answer, whatever has happened since.
    assertThat(ask(key, "in", ",\"idempotencyKey\":\"k\"").json().get("isCached").booleanValue())
        .isTrue();
  }

  @Test
  void an_idempotency_key_is_good_for_its_time() {
    String key = created("ttl");
    String more = ",\"idempotencyKey\":\"k\",\"idempotencyKeyTTL\":\"2s\"";
    String first = registered(key, "in", more);
    assertThat(ask(key, "in", more).json().get("waitpointId").asText()).isEqualTo(first);
    assertThat(
            Eventually.within(
                Duration.ofSeconds(10),
                () -> !ask(key, "in", more).json().get("isCached").booleanValue()))
        .isTrue();
    assertThat(time(now(first), "idempotencyKeyExpiresAt")).isBefore(Instant.now());
    String longer = ",\"idempotencyKey\":\"l\",\"idempotencyKeyTTL\":\"%s\"";
    for (String[] row :
        new String[][] {{"90s", "PT90S"}, {"5m", "PT5M"}, {"2h", "PT2H"}, {"7d", "P7D"}}) {
      JsonNode waitpoint = now(registered(created("ttl"), "in", longer.formatted(row[0])));
      assertThat(time(waitpoint, "idempotencyKeyExpiresAt"))
          .isCloseTo(
              time(waitpoint, "createdAt").plus(Duration.parse(row[1])),
              within(1, ChronoUnit.SECONDS));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "s", "1 h", "1w", "-1d", "1.5h", "99999999999d"})
  void a_bad_time_of_a_key_is_refused(String ttl) {
    String more = ",\"idempotencyKey\":\"k\",\"idempotencyKeyTTL\":\"" + ttl + "\"";
    assertThat(ask(created("bad-ttl"), "in", more).status()).isEqualTo(400);
  }

  @Test
  void an_idempotency_key_has_at_most_2048_characters() {
    String key = created("long-key");
    String longest = "ü".repeat(2_048);
    String id = registered(key, "in", ",\"idempotencyKey\":\"" + longest + "\"");
    assertThat(now(id).get("idempotencyKey").asText()).isEqualTo(longest);
    Answer longer = ask(key, "in", ",\"idempotencyKey\":\"" + longest + "x\"");
    assertThat(longer.status()).isEqualTo(400);
    assertThat(longer.error()).startsWith("Validation error: ");
  }

  @Test
  void a_run_of_elsewhere_is_unknown() {
    String key = created("runs");
    String changed = RUN.substring(0, RUN.length() - 1) + (RUN.endsWith("0") ? "1" : "0");
    String id = registered(key, "in");
    for (String run : List.of(RunId.mint(TestServer.GLOBEX), changed, "run_1", "x", RUN + "0")) {
      Answer answer = Wire.post(waitPath(run)).asAcme().body(body(key, "in", "")).send();
      assertThat(answer.status()).as(run).isEqualTo(404);
      assertThat(answer.body()).isEqualTo("{\"error\":\"Run not found\"}");
      Answer engine = Wire.post(enginePath(run, id)).asAcme().send();
      assertThat(engine.status()).as(run).isEqualTo(404);
    }
    String own = create(fresh("own-run")).get("runId").asText();
    assertThat(Wire.post(waitPath(own)).asAcme().body(body(key, "in", "")).send().status())
        .isEqualTo(200);
  }

  @Test
  void a_friendly_id_needs_its_session() {
    for (String key : List.of(UNKNOWN_SESSION, "session_short", "a:channels:b", "x".repeat(257))) {
      Answer answer = ask(key, "in", "");
      assertThat(answer.status()).as(key).isEqualTo(404);
      assertThat(answer.body()).isEqualTo("{\"error\":\"Session not found\"}");
    }
    String foreign = create(fresh("foreign")).get("id").asText();
    Answer answer =
        Wire.post(waitPath(RunId.mint(TestServer.GLOBEX)))
            .as(TestServer.GLOBEX_KEY)
            .body(body(foreign, "in", ""))
            .send();
    assertThat(answer.status()).isEqualTo(404);
  }

  @Test
  void nobody_can_begin_to_wait_on_a_session_that_is_over() {
    String closed = created("closed");
    close(closed, "{}");
    Answer conflict = ask(closed, "in", "");
    assertThat(conflict.status()).isEqualTo(409);
    assertThat(conflict.header("x-should-retry")).isEqualTo("false");
    String expired = fresh("expired");
    create(expired, ",\"expiresAt\":\"2001-01-01T00:00:00Z\"");
    Answer late = ask(expired, "out", "");
    assertThat(late.status()).as(late.body()).isEqualTo(400);
    assertThat(late.error()).contains("expired");
  }

  @Test
  void who_began_before_the_session_expired_keeps_waiting() {
    String key = fresh("expiring");
    create(key, ",\"expiresAt\":\"" + Instant.now().plusSeconds(2) + "\"");
    String id = registered(key, "in", ",\"timeout\":\"5s\"");
    assertThat(Eventually.within(Duration.ofSeconds(10), () -> ask(key, "in", "").status() == 400))
        .isTrue();
    assertThat(status(id)).isEqualTo("WAITING");
    assertThat(ended(id).get("status").asText()).isEqualTo("TIMED_OUT");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"session\":\"a\"}",
        "{\"io\":\"in\"}",
        "{\"session\":\"\",\"io\":\"in\"}",
        "{\"session\":1,\"io\":\"in\"}",
        "{\"session\":\"a\",\"io\":\"up\"}",
        "{\"session\":\"a\",\"io\":\"in\",\"timeout\":30}",
        "{\"session\":\"a\",\"io\":\"in\",\"tags\":[1]}",
        "{\"session\":\"a\",\"io\":\"in\",\"tags\":{}}",
        "{\"session\":\"a\",\"io\":\"in\",\"lastSeqNum\":\"0\"}",
        "{\"session\":\"a\",\"io\":\"in\",\"idempotencyKey\":1}"
      })
  void a_body_that_does_not_fit_is_refused(String json) {
    Answer answer = Wire.post(waitPath(RUN)).asAcme().body(json).send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.error()).startsWith("Validation error: ");
  }

  @Test
  void checks_come_in_their_order() {
    String path = waitPath("run_of_nobody");
    String large = body("a", "in", ",\"pad\":\"" + "x".repeat(10_240) + "\"");
    assertThat(Wire.put(path).body(large).send().status()).isEqualTo(405);
    assertThat(Wire.post(path).body(large).send().status()).isEqualTo(401);
    assertThat(Wire.post(path).as(token("admin")).body(large).send().body())
        .isEqualTo("{\"error\":\"Invalid or Missing API key\"}");
    Answer tooLarge = Wire.post(path).asAcme().body(large).send();
    assertThat(tooLarge.status()).isEqualTo(413);
    assertThat(tooLarge.body()).isEqualTo("{\"error\":\"Request body too large\"}");
    assertThat(Wire.post(path).asAcme().body("{}").chunked().send().status()).isEqualTo(413);
    assertThat(Wire.post(path).asAcme().send().body())
        .isEqualTo("{\"error\":\"Request body is empty\"}");
    assertThat(Wire.post(path).asAcme().body("{").send().body())
        .isEqualTo("{\"error\":\"Invalid JSON\"}");
    assertThat(Wire.post(path).asAcme().body("{}").send().status()).isEqualTo(400);
    assertThat(Wire.post(path).asAcme().body(body(UNKNOWN_SESSION, "in", "")).send().body())
        .isEqualTo("{\"error\":\"Run not found\"}");
    assertThat(ask(UNKNOWN_SESSION, "in", "").body())
        .isEqualTo("{\"error\":\"Session not found\"}");
  }

  @Test
  void the_engine_finds_what_there_is_to_wait_for() {
    String id = registered(created("engine"), "in");
    for (int i = 0; i < 2; i++) {
      Answer answer = Wire.post(enginePath(RUN, id)).asAcme().send();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("{\"success\":true}");
    }
    assertThat(status(id)).isEqualTo("WAITING");
    String unknown = id.substring(0, id.length() - 32) + "0".repeat(32);
    assertThat(Wire.post(enginePath(RUN, unknown)).asAcme().send().status()).isEqualTo(404);
    assertThat(Wire.post(enginePath(RUN, "x")).asAcme().send().status()).isEqualTo(404);
    assertThat(Wire.post(enginePath(RUN, id)).as(Fixtures.token("admin")).send().status())
        .isEqualTo(401);
    assertThat(Wire.get(enginePath(RUN, id)).asAcme().send().status()).isEqualTo(405);
  }
}
