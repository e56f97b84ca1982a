package dev.parley.http.sessions;

import static dev.parley.http.Fixtures.append;
import static dev.parley.http.Fixtures.channel;
import static dev.parley.http.Fixtures.created;
import static dev.parley.http.Fixtures.fresh;
import static dev.parley.http.Fixtures.token;
import static dev.parley.http.sessions.Waits.TOKENS;
import static dev.parley.http.sessions.Waits.complete;
import static dev.parley.http.sessions.Waits.ended;
import static dev.parley.http.sessions.Waits.newToken;
import static dev.parley.http.sessions.Waits.now;
import static dev.parley.http.sessions.Waits.path;
import static dev.parley.http.sessions.Waits.registered;
import static dev.parley.http.sessions.Waits.status;
import static dev.parley.http.sessions.Waits.time;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.Eventually;
import dev.parley.TestServer;
import dev.parley.http.Answer;
import dev.parley.http.SseReader;
import dev.parley.http.Wire;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** trigger.md sections 5.3 and 5.4: tokens, how they are completed and how they are looked at. */
class WaitTokensTest {
  private static String id() {
    return newToken("{}").get("id").asText();
  }

  private static String unknownNeighbour(String id) {
    return id.substring(0, id.length() - 32) + "0".repeat(32);
  }

  @Test
  void a_new_token_waits_and_shows_no_key_that_it_has_no_value_for() {
    JsonNode made = newToken("{}");
    String id = made.get("id").asText();
    assertThat(id).matches("waitpoint_[0-9a-f]{64}");
    assertThat(made.get("url").asText()).isEqualTo(TestServer.origin() + path(id) + "/complete");
    JsonNode waiting = now(id);
    assertThat(waiting.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("id", "url", "status", "tags", "createdAt");
    assertThat(waiting.get("status").asText()).isEqualTo("WAITING");
    assertThat(complete(id, "").body()).isEqualTo("{\"success\":true}");
    JsonNode completed = now(id);
    assertThat(completed.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("id", "url", "status", "tags", "createdAt", "completedAt");
    assertThat(completed.get("status").asText()).isEqualTo("COMPLETED");
    assertThat(completed.get("createdAt")).isEqualTo(waiting.get("createdAt"));
  }

  @Test
  void a_token_that_nobody_completes_times_out_with_an_error() {
    String id = newToken("{\"timeout\":\"1s\",\"tags\":[\"a\",\"b\"]}").get("id").asText();
    JsonNode ended = ended(id);
    assertThat(ended.get("status").asText()).isEqualTo("TIMED_OUT");
    assertThat(ended.get("outputIsError").booleanValue()).isTrue();
    assertThat(ended.get("outputType").asText()).isEqualTo("application/json");
    assertThat(Answer.parse(ended.get("output").asText()).get("message").asText()).isNotBlank();
    assertThat(ended.get("tags").toString()).isEqualTo("[\"a\",\"b\"]");
    assertThat(time(ended, "completedAt"))
        .isBetween(time(ended, "timeoutAt"), time(ended, "timeoutAt").plusSeconds(1));
    // Too late changes nothing, and is no error.
    assertThat(complete(id, "{\"data\":1}").body()).isEqualTo("{\"success\":true}");
    assertThat(now(id)).isEqualTo(ended);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"a\":[1,null,\"é😀\"]}", "\"text\"", "1.50", "false", "[]", "\"{}\"", "\"\""})
  void the_output_is_what_it_was_completed_with_as_json(String data) {
    String id = id();
    assertThat(complete(id, "{\"data\":" + data + "}").status()).isEqualTo(200);
    JsonNode completed = now(id);
    assertThat(Answer.parse(completed.get("output").asText())).isEqualTo(Answer.parse(data));
    assertThat(completed.get("outputType").asText()).isEqualTo("application/json");
    assertThat(completed.has("outputIsError")).isFalse();
    assertThat(time(completed, "completedAt")).isAfterOrEqualTo(time(completed, "createdAt"));
    Answer again = complete(id, "{\"data\":\"other\"}");
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.body()).isEqualTo("{\"success\":true}");
    assertThat(now(id)).isEqualTo(completed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "[]", "1", "null", "\"x\""})
  void a_completion_that_is_no_object_is_refused(String body) {
    String id = id();
    assertThat(complete(id, body).status()).isEqualTo(400);
    assertThat(status(id)).isEqualTo("WAITING");
  }

  @Test
  void an_output_has_at_most_one_mebibyte() {
    String id = id();
    int overhead = "{\"data\":\"\"}".length();
    Answer length = complete(id, "{\"data\":\"" + "x".repeat(1_048_577 - overhead) + "\"}");
    assertThat(length.status()).isEqualTo(413);
    Answer metered = complete(id, "{\"data\":\"" + "x".repeat(1_048_576 - overhead) + "\"}");
    assertThat(metered.status()).isEqualTo(413);
    assertThat(status(id)).isEqualTo("WAITING");
    String large = "x".repeat(1_000_000);
    assertThat(complete(id, "{\"data\":\"" + large + "\"}").status()).isEqualTo(200);
    assertThat(now(id).get("output").asText()).isEqualTo("\"" + large + "\"");
  }

  @Test
  void what_waits_on_a_stream_can_be_completed_too() {
    String key = created("explicit");
    String id = registered(key, "in");
    String beside = registered(key, "in");
    assertThat(complete(id, "{\"data\":\"by hand\"}").status()).isEqualTo(200);
    append(key, "by record");
    assertThat(now(id).get("output").asText()).isEqualTo("\"by hand\"");
    assertThat(now(beside).get("output").asText()).isEqualTo("by record");
    // The output is kept, and nobody can write there.
    Answer forged =
        Wire.post(channel(key, "channels/waitpoints/out/append")).asAcme().body("x").send();
    assertThat(forged.status()).isEqualTo(403);
  }

  @Test
  void an_unknown_waitpoint_is_not_found() {
    for (String id :
        List.of(unknownNeighbour(id()), "waitpoint_" + "0".repeat(64), "waitpoint_x", "x%20y")) {
      for (Answer answer :
          List.of(Wire.get(path(id)).asAcme().send(), complete(id, "{\"data\":1}"))) {
        assertThat(answer.status()).as(id).isEqualTo(404);
        assertThat(answer.error()).isEqualTo("Waitpoint not found");
      }
      assertThat(Wire.get(path(id)).asAcme().send().header("x-should-retry")).isEqualTo("false");
    }
  }

  @Test
  void a_waitpoint_of_another_tenant_is_not_found() {
    String id = registered(created("tenant"), "in");
    assertThat(Wire.get(path(id)).as(TestServer.GLOBEX_KEY).send().status()).isEqualTo(404);
    Answer answer =
        Wire.post(path(id) + "/complete").as(TestServer.GLOBEX_KEY).body("{\"data\":1}").send();
    assertThat(answer.status()).isEqualTo(404);
    assertThat(status(id)).isEqualTo("WAITING");
  }

  @Test
  void a_public_token_completes_what_its_scope_names() {
    String id = id();
    String forbidden = "{\"error\":\"Unauthorized\",\"code\":\"unauthorized\"";
    for (String scope :
        List.of(
            "write:waitpoints:" + unknownNeighbour(id),
            "read:waitpoints:" + id,
            "write:sessions:" + id,
            "admin:waitpoints:" + id)) {
      Answer answer =
          Wire.post(path(id) + "/complete").as(token(scope)).body("{\"data\":1}").send();
      assertThat(answer.status()).as(scope).isEqualTo(403);
      assertThat(answer.body()).startsWith(forbidden);
    }
    assertThat(status(id)).isEqualTo("WAITING");
    Answer answer =
        Wire.post(path(id) + "/complete")
            .as(token("write:waitpoints:" + id))
            .body("{\"data\":\"by token\"}")
            .send();
    assertThat(answer.body()).isEqualTo("{\"success\":true}");
    assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("*");
    assertThat(now(id).get("output").asText()).isEqualTo("\"by token\"");
  }

  @Test
  void an_action_checks_the_scope_before_the_waitpoint() {
    String path = path("waitpoint_" + "0".repeat(64)) + "/complete";
    assertThat(Wire.put(path).send().status()).isEqualTo(405);
    assertThat(Wire.post(path).body("x".repeat(2_000_000)).send().status()).isEqualTo(401);
    Wire large = Wire.post(path).as(token("read:sessions")).body("x".repeat(1_048_577));
    assertThat(large.send().status()).isEqualTo(413);
    assertThat(Wire.post(path).as(token("read:sessions")).body("{").send().status()).isEqualTo(400);
    assertThat(Wire.post(path).as(token("read:sessions")).body("{}").send().status())
        .isEqualTo(403);
    assertThat(Wire.post(path).as(token("write:waitpoints")).body("{}").send().status())
        .isEqualTo(404);
    Answer preflight =
        Wire.request("OPTIONS", path)
            .header("Origin", "https://a.example")
            .header("Access-Control-Request-Method", "POST")
            .send();
    assertThat(preflight.status()).isEqualTo(200);
  }

  @Test
  void a_loader_checks_the_waitpoint_before_the_scope() {
    String id = id();
    String other = token("read:sessions");
    assertThat(Wire.get(path(id)).send().status()).isEqualTo(401);
    assertThat(Wire.get(path(unknownNeighbour(id))).as(other).send().status()).isEqualTo(404);
    assertThat(Wire.get(path("x")).as(other).send().status()).isEqualTo(404);
    assertThat(Wire.get(path(id)).as(other).send().status()).isEqualTo(403);
    assertThat(Wire.get(path(id) + "?wait=5").as(other).send().status()).isEqualTo(403);
    assertThat(Wire.get(path(id)).as(other).header("Accept", "text/event-stream").send().status())
        .isEqualTo(403);
  }

  @Test
  void only_a_secret_key_makes_tokens() {
    assertThat(Wire.post(TOKENS).as(token("admin", "write:waitpoints")).body("{}").send().status())
        .isEqualTo(401);
    assertThat(Wire.post(TOKENS).body("{}").send().status()).isEqualTo(401);
    assertThat(Wire.get(TOKENS).asAcme().send().status()).isEqualTo(405);
    assertThat(Wire.post(TOKENS).asAcme().send().status()).isEqualTo(400);
    assertThat(Wire.post(TOKENS).asAcme().body("[]").send().status()).isEqualTo(400);
  }

  @Test
  void an_idempotency_key_finds_the_token_again() {
    String key = fresh("token-key");
    String body = "{\"idempotencyKey\":\"" + key + "\",\"timeout\":\"1h\"}";
    JsonNode first = newToken(body);
    Answer again = Wire.post(TOKENS).asAcme().body(body).send();
    assertThat(again.json().get("id")).isEqualTo(first.get("id"));
    assertThat(again.json().get("isCached").booleanValue()).isTrue();
    assertThat(again.json().get("url")).isEqualTo(first.get("url"));
    assertThat(now(first.get("id").asText()).get("idempotencyKey").asText()).isEqualTo(key);
    complete(first.get("id").asText(), "{\"data\":1}");
    assertThat(Wire.post(TOKENS).asAcme().body(body).send().json().get("id"))
        .isEqualTo(first.get("id"));
    Answer foreign = Wire.post(TOKENS).as(TestServer.GLOBEX_KEY).body(body).send();
    assertThat(foreign.json().get("isCached").booleanValue()).isFalse();

    String brief = "{\"idempotencyKey\":\"" + fresh("brief") + "\",\"idempotencyKeyTTL\":\"1s\"}";
    newToken(brief);
    assertThat(
            Eventually.within(
                Duration.ofSeconds(10),
                () ->
                    !Wire.post(TOKENS)
                        .asAcme()
                        .body(brief)
                        .send()
                        .json()
                        .get("isCached")
                        .booleanValue()))
        .isTrue();
    assertThat(
            Wire.post(TOKENS)
                .asAcme()
                .body("{\"idempotencyKey\":\"k\",\"idempotencyKeyTTL\":\"1 day\"}")
                .send()
                .status())
        .isEqualTo(400);
  }

  @Test
  void many_that_ask_at_once_with_one_key_get_one_token() {
    String body = "{\"idempotencyKey\":\"" + fresh("race") + "\"}";
    List<CompletableFuture<Answer>> calls =
        IntStream.range(0, 20)
            .mapToObj(i -> Wire.post(TOKENS).asAcme().body(body).sendAsync())
            .toList();
    List<JsonNode> made = calls.stream().map(call -> call.join().json()).toList();
    assertThat(made.stream().map(token -> token.get("id")).distinct()).hasSize(1);
    assertThat(made.stream().filter(token -> !token.get("isCached").booleanValue())).hasSize(1);
  }

  @Test
  void a_long_poll_is_answered_by_the_end() {
    String id = id();
    CompletableFuture<Answer> poll = Wire.get(path(id) + "?wait=18").asAcme().sendAsync();
    assertThat(now(id).get("status").asText()).isEqualTo("WAITING");
    long before = System.nanoTime();
    complete(id, "{\"data\":\"done\"}");
    JsonNode ended = poll.join().json();
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
    assertThat(ended.get("status").asText()).isEqualTo("COMPLETED");
    assertThat(ended.get("output").asText()).isEqualTo("\"done\"");
  }

  @Test
  void a_long_poll_is_answered_by_a_deadline_of_the_waitpoint() {
    String id = newToken("{\"timeout\":\"2s\"}").get("id").asText();
    long before = System.nanoTime();
    assertThat(Wire.get(path(id) + "?wait=18").asAcme().send().json().get("status").asText())
        .isEqualTo("TIMED_OUT");
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(4));
  }

  @Test
  void a_long_poll_is_answered_when_it_has_waited_long_enough() {
    String id = id();
    assertWaited(id);
    for (String none : List.of("", "?wait=0")) {
      long before = System.nanoTime();
      assertThat(Wire.get(path(id) + none).asAcme().send().status()).isEqualTo(200);
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMillis(900));
    }
  }

  @Test
  void a_long_poll_is_answered_in_time_also_where_others_follow_the_session() {
    String key = created("followed");
    String id = registered(key, "in");
    try (SseReader reader = SseReader.open(Wire.get(channel(key, "out")).asAcme())) {
      assertThat(reader.next().name()).isEqualTo("ping");
      assertWaited(id);
    }
  }

  private static void assertWaited(String id) {
    long before = System.nanoTime();
    Answer answer = Wire.get(path(id) + "?wait=1").asAcme().send();
    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .isBetween(Duration.ofMillis(990), Duration.ofSeconds(3));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.json().get("status").asText()).isEqualTo("WAITING");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "-1", "1.5", "1s", "99999999999"})
  void a_bad_time_to_wait_is_refused(String wait) {
    Answer answer = Wire.get(path(id()) + "?wait=" + wait).asAcme().send();
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.error()).isEqualTo("Query Error");
    assertThat(answer.json().get("details")).hasSize(1);
  }

  @Test
  void an_event_stream_on_the_same_url_says_when_it_has_ended() {
    String id = id();
    Wire request = Wire.get(path(id)).asAcme().header("Accept", "text/event-stream");
    try (SseReader events = SseReader.open(request)) {
      assertThat(events.response().header("Content-Type")).startsWith("text/event-stream");
      assertThat(events.response().header("Cache-Control")).contains("no-cache");
      assertThat(events.next().name()).isEqualTo("ping");
      complete(id, "{\"data\":{\"a\":1}}");
      SseReader.Event event = events.next();
      assertThat(event.name()).isEqualTo("waitpoint");
      assertThat(event.json()).isEqualTo(now(id));
      assertThat(event.json().get("output").asText()).isEqualTo("{\"a\":1}");
      assertThat(events.next()).isNull();
    }
    try (SseReader events =
        SseReader.open(Wire.get(path(id)).asAcme().header("Accept", "text/event-stream"))) {
      assertThat(events.next().name()).isEqualTo("waitpoint");
      assertThat(events.next()).isNull();
    }
    Wire unknown = Wire.get(path("x")).asAcme().header("Accept", "text/event-stream");
    assertThat(unknown.send().status()).isEqualTo(404);
  }
}
