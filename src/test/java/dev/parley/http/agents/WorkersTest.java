package dev.parley.http.agents;

import static dev.parley.http.agents.AdminClient.AGENTS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.Eventually;
import dev.parley.OwnServer;
import dev.parley.agent.AgentDefinition;
import dev.parley.agent.Offered;
import dev.parley.agent.OpenTurn;
import dev.parley.http.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Workers of attached agents over HTTP, with turns as a session's owner offers them. */
class WorkersTest {
  private static final String ENVIRONMENT = "env_workers";

  @TempDir static Path directory;
  private static OwnServer server;
  private static AdminClient client;

  /** Each test has an agent of its own. */
  private final String agent = UUID.randomUUID().toString();

  @BeforeAll
  static void start() throws Exception {
    server =
        OwnServer.start(
            directory, Map.of("parley.environment-id", ENVIRONMENT, "parley.test-clock", "on"));
    client = new AdminClient(server);
  }

  @AfterAll
  static void stop() {
    AdminClient.disconnect();
    server.close();
  }

  @BeforeEach
  void register() {
    client.expect(
        201, "PUT", AGENTS + agent, "{\"name\":\"A\",\"kind\":\"attached\",\"lease\":\"40s\"}");
  }

  private String worker(String name) {
    return AGENTS + agent + "/workers/" + name;
  }

  private JsonNode attach(String name) {
    return client.expect(200, "PUT", worker(name), "{\"leaseSeconds\":10}");
  }

  private Answer next(String name, int waitSeconds) {
    return client.send("GET", worker(name) + "/turn?wait=" + waitSeconds, "");
  }

  private OpenTurn turn(int number) {
    return new OpenTurn(
        ENVIRONMENT, agent.toUpperCase(), "session_" + number, "chat-" + number, number, 1);
  }

  private Offered offer(OpenTurn turn, @Nullable String claimedBy) throws Exception {
    return server.workers().offer(turn, claimedBy).toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private boolean isAttached() throws Exception {
    return server
        .workers()
        .isAttached(ENVIRONMENT, agent)
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  private static Instant advance(Duration by) {
    return Instant.parse(
        client
            .expect(200, "POST", "/test/clock/advance", "{\"ms\":" + by.toMillis() + "}")
            .get("now")
            .textValue());
  }

  private static JsonNode document(int number, boolean takenOver) {
    return Answer.parse(
        "{\"session\":\"session_%d\",\"externalId\":\"chat-%d\",\"inSeq\":%d,\"attempt\":1,\"takenOver\":%s}"
            .formatted(number, number, number, takenOver));
  }

  @Test
  void a_worker_attaches_waits_and_gets_the_turn_that_is_offered() throws Exception {
    assertThat(isAttached()).isFalse();
    assertThat(next("w.1", 0).status()).isEqualTo(404);
    Instant now = advance(Duration.ZERO);
    JsonNode attached = client.expect(200, "PUT", worker("w.1"), "");
    assertThat(attached.get("worker").textValue()).isEqualTo("w.1");
    assertThat(Instant.parse(attached.get("expiresAt").textValue()))
        .isBetween(now.plusSeconds(40), now.plusSeconds(45));
    assertThat(isAttached()).isTrue();
    assertThat(next("w.1", 0).status()).isEqualTo(204);
    CompletableFuture<Answer> waiting = CompletableFuture.supplyAsync(() -> next("w.1", 60));
    offer(turn(1), null);
    Answer got = waiting.get(10, TimeUnit.SECONDS);
    assertThat(got.status()).isEqualTo(200);
    assertThat(got.json()).isEqualTo(document(1, false));
    assertThat(offer(turn(1), null)).isEqualTo(new Offered.Claimed("w.1"));
    assertThat(client.expect(200, "PUT", worker("w.1"), "{}").get("turns"))
        .containsExactly(document(1, false));
    server.workers().withdraw(turn(1));
    assertThat(client.expect(200, "PUT", worker("w.1"), "{}").get("turns")).isEmpty();
    client.expect(204, "DELETE", worker("w.1"), "");
    assertThat(isAttached()).isFalse();
    assertThat(next("w.1", 0).status()).isEqualTo(404);
  }

  @Test
  void a_turn_is_taken_over_when_its_worker_is_silent_or_leaves() throws Exception {
    attach("one");
    offer(turn(1), null);
    assertThat(next("one", 10).json()).isEqualTo(document(1, false));
    advance(Duration.ofSeconds(9));
    attach("two");
    CompletableFuture<Answer> waiting = CompletableFuture.supplyAsync(() -> next("two", 60));
    advance(Duration.ofSeconds(1));
    assertThat(waiting.get(10, TimeUnit.SECONDS).json()).isEqualTo(document(1, true));
    assertThat(next("one", 0).status()).isEqualTo(404);
    attach("one");
    waiting = CompletableFuture.supplyAsync(() -> next("one", 60));
    client.expect(204, "DELETE", worker("two"), "");
    assertThat(waiting.get(10, TimeUnit.SECONDS).json()).isEqualTo(document(1, true));
    assertThat(offer(turn(1), "two")).isEqualTo(new Offered.Claimed("one"));
  }

  @Test
  void many_workers_never_get_the_same_turn() throws Exception {
    int turns = 60;
    ConcurrentLinkedQueue<Long> got = new ConcurrentLinkedQueue<>();
    List<CompletableFuture<Void>> workers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String name = "w" + i;
      client.expect(200, "PUT", worker(name), "{\"leaseSeconds\":300}");
      workers.add(
          CompletableFuture.runAsync(
              () -> {
                Answer answer = next(name, 10);
                while (answer.status() == 200 && answer.json().get("inSeq").longValue() > 0) {
                  got.add(answer.json().get("inSeq").longValue());
                  answer = next(name, 10);
                }
              },
              command -> new Thread(command).start()));
    }
    List<CompletableFuture<Offered>> offers = new ArrayList<>();
    for (int round = 0; round < 2; round++) {
      for (int number = 1; number <= turns; number++) {
        offers.add(server.workers().offer(turn(number), null).toCompletableFuture());
      }
    }
    for (CompletableFuture<Offered> offer : offers) {
      offer.get(10, TimeUnit.SECONDS);
    }
    assertThat(Eventually.within(Duration.ofSeconds(10), () -> got.size() >= turns)).isTrue();
    for (int i = 0; i < workers.size(); i++) {
      // The sign to stop, a turn for each.
      offer(new OpenTurn(ENVIRONMENT, agent, "end_" + i, null, 0, 1), null);
    }
    for (CompletableFuture<Void> worker : workers) {
      worker.get(20, TimeUnit.SECONDS);
    }
    assertThat(got).hasSize(turns).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "PUT, w, `{\"leaseSeconds\":4}`, leaseSeconds: the lease is 4 s; it must be from 5 to 300",
        "PUT, w, `{\"leaseSeconds\":301}`, leaseSeconds: the lease is 301 s",
        "PUT, w, `{\"leaseSeconds\":\"10\"}`, leaseSeconds: ",
        "PUT, w, `{\"leaseSeconds\":9.5}`, leaseSeconds: ",
        "PUT, w, `[]`, the body must be a JSON object or empty",
        "PUT, a%20b, ``, a worker's name must be 1 to 64 characters",
        "GET, w/turn?wait=61, ``, wait must be a whole number of seconds",
        "GET, w/turn?wait=-1, ``, wait must be a whole number of seconds",
        "GET, w/turn?wait=soon, ``, wait must be a whole number of seconds",
      })
  void what_a_worker_can_not_ask_for_is_refused(
      String method, String path, String body, String text) {
    Answer answer = client.send(method, worker(path), body);
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.error()).startsWith("Validation error: " + text);
  }

  @Test
  void workers_attach_to_attached_agents_with_the_secret_key() {
    assertThat(client.send("PUT", worker("w"), "", "wrong").status()).isEqualTo(401);
    assertThat(client.send("HEAD", worker("w") + "/turn", "").status()).isEqualTo(405);
    client.expect(404, "PUT", AGENTS + UUID.randomUUID() + "/workers/w", "");
    Answer echo = client.send("PUT", AGENTS + AgentDefinition.ECHO_ID + "/workers/w", "");
    assertThat(echo.status()).isEqualTo(409);
    assertThat(echo.error()).contains("'Echo' answers by itself");
  }

  /** After a restart nothing is known of workers and turns, until both say it again. */
  @Test
  void a_claim_is_found_again_after_a_restart() throws Exception {
    attach("one");
    offer(turn(1), null);
    assertThat(next("one", 10).json()).isEqualTo(document(1, false));
    stop();
    start();
    assertThat(next("one", 0).status()).isEqualTo(404);
    attach("two");
    assertThat(offer(turn(1), "one")).isEqualTo(new Offered.Claimed("one"));
    assertThat(next("two", 0).status()).isEqualTo(204);
    assertThat(attach("one").get("turns")).containsExactly(document(1, false));
  }

  private String session() {
    String body = "{\"agentId\":\"" + agent + "\",\"userId\":\"" + UUID.randomUUID() + "\"}";
    return client.expect(201, "POST", "/api/messaging/sessions", body).get("sessionId").textValue();
  }

  private static Answer say(String session, String text) {
    String body = "{\"content\":\"" + text + "\",\"transport\":\"http\"}";
    return client.send("POST", "/api/messaging/sessions/" + session + "/messages", body);
  }

  /** Ends the turn as a worker without the SDK does: by one append to the data plane. */
  private static void complete(String session, long consumed) {
    Answer credentials = client.send("PUT", "/realtime/v1/sessions/" + session + "/out", "");
    String url =
        "/v1/streams/"
            + URLEncoder.encode(credentials.header("x-s2-stream-name"), StandardCharsets.UTF_8)
            + "/records";
    String record =
        "{\"records\":[{\"headers\":[[\"trigger-control\",\"turn-complete\"],"
            + "[\"session-in-event-id\",\"%d\"]],\"body\":\"\"}]}";
    Answer ack =
        client.send(
            "POST",
            url,
            record.formatted(consumed),
            Headers.of(
                "Authorization",
                "Bearer " + credentials.header("x-s2-access-token"),
                "s2-basin",
                credentials.header("x-s2-basin")));
    assertThat(ack.status()).as(ack.body()).isEqualTo(200);
  }

  @Test
  void a_worker_answers_a_message_and_without_one_nothing_is_stored() throws Exception {
    String session = session();
    assertThat(say(session, "too early").status()).isEqualTo(503);

    attach("w");
    CompletableFuture<Answer> answered = CompletableFuture.supplyAsync(() -> say(session, "hi"));
    JsonNode turn = next("w", 20).json();
    assertThat(turn.get("externalId").textValue()).isEqualTo(session);
    assertThat(turn.get("inSeq").longValue()).isZero();
    String channel = "/realtime/v1/sessions/" + session;
    JsonNode message = client.get(channel + "/in/records").at("/records/0/data");
    assertThat(message.get("content").textValue()).isEqualTo("hi");
    client.expect(
        200,
        "POST",
        channel + "/out/append",
        "{\"type\":\"message\",\"content\":\"hello\",\"inReplyTo\":\"%s\"}"
            .formatted(message.get("id").textValue()));
    complete(session, 0);

    Answer answer = answered.get(20, TimeUnit.SECONDS);
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    assertThat(answer.json().at("/agentResponse/text").textValue()).isEqualTo("hello");
    JsonNode history =
        client.get("/api/messaging/sessions/" + session + "/messages").get("messages");
    assertThat(history).hasSize(2);
    assertThat(history.get(0).get("authorId").textValue()).isEqualTo(agent);
    assertThat(history.get(0).get("isAgent").booleanValue()).isTrue();
    assertThat(client.expect(200, "PUT", worker("w"), "{}").get("turns")).isEmpty();
  }

  @Test
  void another_worker_takes_over_what_the_first_has_left() throws Exception {
    String session = session();
    attach("first");
    CompletableFuture<Answer> answered = CompletableFuture.supplyAsync(() -> say(session, "hi"));
    assertThat(next("first", 20).status()).isEqualTo(200);
    attach("second");
    client.expect(204, "DELETE", worker("first"), "");
    JsonNode turn = next("second", 20).json();
    assertThat(turn.get("takenOver").booleanValue()).isTrue();
    client.expect(
        200,
        "POST",
        "/realtime/v1/sessions/" + session + "/out/append",
        "{\"type\":\"message\",\"content\":\"from the second\"}");
    complete(session, turn.get("inSeq").longValue());
    // A late end of the same turn ends no other one.
    CompletableFuture<Answer> next = CompletableFuture.supplyAsync(() -> say(session, "and?"));
    JsonNode following = next("second", 20).json();
    complete(session, turn.get("inSeq").longValue());
    assertThat(client.expect(200, "PUT", worker("second"), "{}").get("turns")).hasSize(1);
    complete(session, following.get("inSeq").longValue());
    assertThat(answered.get(20, TimeUnit.SECONDS).json().at("/agentResponse/text").textValue())
        .isEqualTo("from the second");
    assertThat(next.get(20, TimeUnit.SECONDS).json().at("/agentResponse").isNull()).isTrue();
  }
}
