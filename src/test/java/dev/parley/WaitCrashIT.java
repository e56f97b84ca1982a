package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A waiter ends once, by its record or its deadline, whatever happens to the server. */
class WaitCrashIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String KEY = ParleyProcess.SECRET_KEY;

  /** How soon after its start a server has met the deadlines that it missed. */
  private static final Duration CATCH_UP = Duration.ofSeconds(2);

  @TempDir private Path directory;

  private final long seed = Long.getLong("parley.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @BeforeEach
  void showSeed() {
    System.out.println("WaitCrashIT: repeat with -Dparley.seed=" + seed);
  }

  @Test
  void deadlines_that_pass_while_the_server_is_down_are_met_at_its_start() throws Exception {
    try (ParleyProcess server = ParleyProcess.start(directory)) {
      TestClient client = new TestClient(server, KEY);
      String run = newSession(client, "crash/run");
      Instant deadline = Instant.now().plusSeconds(4);
      Map<String, Instant> deadlines = new LinkedHashMap<>();
      for (int i = 0; i < 30; i++) {
        Instant own = deadline.plusMillis(50L * i);
        String body = "\"timeout\":\"" + own + "\"}";
        deadlines.put(
            i % 2 == 0
                ? register(client, run, "crash/asleep/" + i, "," + body)
                : ok(client.send("POST", "/api/v1/waitpoints/tokens", "{" + body))
                    .get("id")
                    .asText(),
            own);
      }
      String untimed = register(client, run, "crash/asleep/0", "}");
      assertThat(Instant.now()).as("all are registered before the first is due").isBefore(deadline);
      server.kill9();
      Instant last = deadline.plusMillis(50L * 30);
      assertThat(Eventually.within(LIMIT, () -> Instant.now().isAfter(last))).isTrue();
      server.restart();
      Instant ready = Instant.now();
      // Nobody asks for as long as the server may take.
      assertThat(Eventually.within(LIMIT, () -> Instant.now().isAfter(ready.plus(CATCH_UP))))
          .isTrue();
      Instant asked = Instant.now();
      Map<String, JsonNode> seen = new LinkedHashMap<>();
      for (String id : deadlines.keySet()) {
        JsonNode waitpoint = waitpoint(client, id);
        assertThat(waitpoint.get("status").asText()).isEqualTo("TIMED_OUT");
        assertThat(Instant.parse(waitpoint.get("timeoutAt").asText()))
            .isBetween(deadlines.get(id).minusMillis(1), deadlines.get(id));
        assertThat(Instant.parse(waitpoint.get("completedAt").asText()))
            .as("decided before anybody asked")
            .isBetween(last, ready.plus(CATCH_UP))
            .isBefore(asked);
        seen.put(id, waitpoint);
      }
      assertThat(waitpoint(client, untimed).get("status").asText()).isEqualTo("WAITING");
      server.kill9();
      server.restart();
      for (String id : deadlines.keySet()) {
        assertThat(waitpoint(client, id)).isEqualTo(seen.get(id));
      }
    }
  }

  @Test
  void every_acknowledged_record_has_completed_its_waiter_with_itself() throws Exception {
    try (ParleyProcess server = ParleyProcess.start(directory)) {
      TestClient client = new TestClient(server, KEY);
      List<Conversation> conversations = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String key = "crash/conversation/" + i;
        conversations.add(new Conversation(client, newSession(client, key), key));
      }
      conversations.forEach(Thread::start);
      for (int kill = 0; kill < 3; kill++) {
        int wanted = turns(conversations) + 20 + random.nextInt(100);
        assertThat(Eventually.within(LIMIT, () -> turns(conversations) >= wanted)).isTrue();
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(20_000)));
        server.kill9();
        server.restart();
      }
      int wanted = turns(conversations) + 20;
      assertThat(Eventually.within(LIMIT, () -> turns(conversations) >= wanted)).isTrue();
      for (Conversation conversation : conversations) {
        conversation.finish();
      }
      Map<String, JsonNode> seen = new LinkedHashMap<>();
      for (Conversation conversation : conversations) {
        assertThat(conversation.waitpoints).hasSizeBetween(5, 900);
        List<TestClient.Item> records = client.records(conversation.key, "in");
        for (int i = 0; i < conversation.waitpoints.size(); i++) {
          JsonNode waitpoint = waitpoint(client, conversation.waitpoints.get(i));
          assertThat(waitpoint.get("status").asText()).isEqualTo("COMPLETED");
          assertThat(waitpoint.get("output").asText()).isEqualTo("text " + i);
          assertThat(records.get(i).data()).isEqualTo("text " + i);
          seen.put(conversation.waitpoints.get(i), waitpoint);
        }
        assertThat(records).hasSameSizeAs(conversation.waitpoints);
      }
      server.kill9();
      server.restart();
      seen.forEach((id, before) -> assertThat(uncheckedWaitpoint(client, id)).isEqualTo(before));
    }
  }

  private static int turns(List<Conversation> conversations) {
    return conversations.stream().mapToInt(conversation -> conversation.turns.get()).sum();
  }

  /** Waits for a record, appends it, and so on; each request is repeated until it is answered. */
  private static final class Conversation extends Thread {
    private final TestClient client;
    private final String run;
    private final String key;
    private final List<String> waitpoints = new ArrayList<>();
    private final AtomicInteger turns = new AtomicInteger();
    private volatile boolean finishing;
    private volatile Throwable failure;

    Conversation(TestClient client, String run, String key) {
      this.client = client;
      this.run = run;
      this.key = key;
      setDaemon(true);
      setUncaughtExceptionHandler((thread, thrown) -> failure = thrown);
    }

    @Override
    public void run() {
      for (int i = 0; !finishing; i++) {
        int turn = i;
        String body =
            "{\"session\":\"%s\",\"io\":\"in\",\"idempotencyKey\":\"%d\",\"lastSeqNum\":%d}"
                .formatted(key, turn, turn - 1);
        JsonNode registered = untilAnswered(() -> client.send("POST", waitPath(run), body));
        JsonNode appended =
            untilAnswered(() -> client.append(key, "in", "part " + turn, "text " + turn));
        assertThat(appended.get("seq").asInt()).isEqualTo(turn);
        waitpoints.add(registered.get("waitpointId").asText());
        turns.incrementAndGet();
      }
    }

    void finish() throws InterruptedException {
      finishing = true;
      join(LIMIT.toMillis());
      assertThat(failure).isNull();
      assertThat(isAlive()).isFalse();
    }
  }

  private interface Request {
    HttpResponse<String> send() throws IOException, InterruptedException;
  }

  private static JsonNode untilAnswered(Request request) {
    while (true) {
      try {
        HttpResponse<String> response = request.send();
        if (response.statusCode() == 200) {
          return JSON.readTree(response.body());
        }
        assertThat(response.statusCode()).as(response.body()).isGreaterThanOrEqualTo(500);
      } catch (IOException e) {
        // The server is gone; what became of the request is not known.
      } catch (InterruptedException e) {
        throw new IllegalStateException("Interrupted", e);
      }
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  private static String waitPath(String run) {
    return "/api/v1/runs/" + run + "/session-streams/wait";
  }

  /** Creates a session and returns its run. */
  private static String newSession(TestClient client, String key) throws Exception {
    client.create(key);
    return client.session(key).get("currentRunId").asText();
  }

  private static String register(TestClient client, String run, String session, String rest)
      throws Exception {
    String body = "{\"session\":\"" + session + "\",\"io\":\"in\"" + rest;
    return ok(client.send("POST", waitPath(run), body)).get("waitpointId").asText();
  }

  private static JsonNode waitpoint(TestClient client, String id) throws Exception {
    return ok(client.send("GET", "/api/v1/waitpoints/tokens/" + id, ""));
  }

  private static JsonNode uncheckedWaitpoint(TestClient client, String id) {
    try {
      return waitpoint(client, id);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode ok(HttpResponse<String> response) throws IOException {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }
}
