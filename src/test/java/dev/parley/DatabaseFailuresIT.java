package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.journal.OwnPostgres;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The database restarts, is away, or has no connection left: nothing is acknowledged falsely, what
 * is not known is said so, and all goes on by itself as soon as it is back. One server for all
 * tests, as it has to live through all of it.
 */
class DatabaseFailuresIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** With -Dparley.outage=60 as long as one likes. */
  private static final Duration OUTAGE =
      Duration.ofSeconds(Integer.getInteger("parley.outage", 10));

  /** How soon all goes on when the database is back. */
  private static final Duration RESUMED = Duration.ofSeconds(15);

  private static final Duration NOTICED = Duration.ofSeconds(6);

  /** Lines of the log for each second without a database, all sessions together. */
  private static final double LINES_PER_SECOND = 5;

  /** Connections tried each second. Both pools wait longer each time. */
  private static final double KNOCKS_PER_SECOND = 10;

  /** When all that fell due has been decided. */
  private static final Duration CAUGHT_UP = Duration.ofSeconds(10);

  /** The server keeps 14 connections; three are for superusers. */
  private static final int MAX_CONNECTIONS = 24;

  @TempDir private static Path directory;

  private static OwnPostgres postgres;
  private static ParleyProcess server;

  @BeforeAll
  static void start() {
    postgres =
        OwnPostgres.start(
            directory.resolve("data"),
            directory.resolve("wal"),
            directory.resolve("postgres.log"),
            "max_connections=" + MAX_CONNECTIONS);
    server = DatabaseLoad.server(directory.resolve("node"), postgres.address());
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
    if (postgres != null) {
      postgres.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fast", "immediate"})
  void a_restart_loses_nothing_and_all_go_on_by_themselves(String mode) throws Exception {
    DatabaseLoad load = DatabaseLoad.start(server, "restart-" + mode);
    postgres.stop(mode);
    postgres.start();
    report("restart " + mode, load, load.awaitProgress(RESUMED));
    load.awaitHealth(200, RESUMED);
    load.finishAndCompare();
  }

  @Test
  void while_it_is_away_everybody_is_told_and_what_fell_due_happens_right_after() throws Exception {
    DatabaseLoad load = DatabaseLoad.start(server, "away");
    String chat = chat(load.client());
    Instant inTheMiddle = Instant.now().plusSeconds(12);
    List<String> due = waitpoints(load.client(), inTheMiddle);
    // By now those sessions sleep; the next ones do not.
    awaitTime(Instant.now().plusSeconds(3));
    due.addAll(waitpoints(load.client(), inTheMiddle));
    postgres.stop("fast");
    assertThat(Instant.now()).as("nothing is due before it is away").isBefore(inTheMiddle);
    Instant end = Collections.max(List.of(Instant.now().plus(OUTAGE), inTheMiddle.plusSeconds(1)));
    beAway(load, end, requests(due.get(0), chat));
    postgres.start();
    Instant ready = Instant.now();
    report("away for " + OUTAGE, load, load.awaitProgress(RESUMED));
    load.awaitHealth(200, RESUMED);
    Instant asked = ready.plus(CAUGHT_UP);
    awaitTime(asked);
    for (String id : due) {
      HttpResponse<String> seen = load.client().send("GET", "/api/v1/waitpoints/tokens/" + id, "");
      assertThat(seen.statusCode()).as(seen.body()).isEqualTo(200);
      JsonNode waitpoint = JSON.readTree(seen.body());
      assertThat(waitpoint.get("status").asText()).isEqualTo("TIMED_OUT");
      assertThat(Instant.parse(waitpoint.get("completedAt").asText()))
          .as("decided before anybody asked")
          .isBefore(asked);
    }
    load.finishAndCompare();
  }

  /** Looks at what the server does until then. */
  private static void beAway(DatabaseLoad load, Instant end, List<Request> requests)
      throws Exception {
    long lines = lines();
    Instant begin = Instant.now();
    try (ClosedDoor door = ClosedDoor.at(postgres.address().port())) {
      Duration noticed = load.awaitHealth(503, NOTICED);
      load.awaitRefusals(2, OUTAGE);
      assertTold(load.client(), requests);
      while (Instant.now().isBefore(end)) {
        assertThat(load.health()).isEqualTo(503);
      }
      double seconds = Duration.between(begin, Instant.now()).toMillis() / 1000.0;
      double told = (lines() - lines) / seconds;
      double knocks = door.knocks() / seconds;
      System.out.printf(
          "DatabaseFailuresIT: noticed after %d ms, %.1f lines/s, %.1f connections/s%n",
          noticed.toMillis(), told, knocks);
      assertThat(told).as("lines of the log per second").isLessThan(LINES_PER_SECOND);
      assertThat(knocks).as("connections tried per second").isLessThan(KNOCKS_PER_SECOND);
    }
  }

  @Test
  void when_others_take_all_its_connections_it_goes_on_as_soon_as_they_let_go() throws Exception {
    DatabaseLoad load = DatabaseLoad.start(server, "connections");
    List<Connection> others = new ArrayList<>();
    try {
      Connection first = postgres.connect();
      others.add(first);
      takeAll(first, others);
      load.awaitHealth(503, NOTICED);
      load.awaitRefusals(2, OUTAGE);
    } finally {
      for (Connection connection : others) {
        connection.close();
      }
    }
    report("connections", load, load.awaitProgress(RESUMED));
    load.awaitHealth(200, RESUMED);
    load.finishAndCompare();
  }

  private static final String SESSION =
      """
      {"type":"test","taskIdentifier":"t","externalId":"meanwhile","triggerConfig":{"basePayload":{}}}""";

  /**
   * Takes away the server's connections and takes them before it does, until none is left to it.
   */
  private static void takeAll(Connection first, List<Connection> others) throws SQLException {
    boolean all =
        Eventually.within(
            NOTICED,
            () -> {
              try (Statement statement = first.createStatement()) {
                statement.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                        + " where application_name like 'parley%'");
                while (others.size() < MAX_CONNECTIONS) {
                  others.add(postgres.connect());
                }
                return true;
              } catch (SQLException e) {
                return false;
              }
            });
    assertThat(all).as("%d of %d connections are held", others.size(), MAX_CONNECTIONS).isTrue();
  }

  /** A request and what it is answered with while the database is away. */
  private record Request(String method, String path, String body, int status) {
    Request(String method, String path, String body) {
      this(method, path, body, 503);
    }

    Request(String method, String path) {
      this(method, path, "");
    }
  }

  private static final String CHAT =
      """
      {"agentId":"00000000-0000-4000-8000-0000000000ec","userId":"11111111-2222-4333-8444-555555555555"}""";

  /** What needs a session that sleeps, or the lists. */
  private static List<Request> requests(String waitpoint, String chat) {
    return List.of(
        new Request("POST", "/api/v1/sessions", SESSION),
        new Request("GET", "/api/v1/sessions"),
        new Request("GET", "/api/v1/sessions/stats?groupBy=tag&period=7d"),
        new Request("GET", "/api/v1/sessions/never-seen"),
        new Request("PATCH", "/api/v1/sessions/never-seen", "{\"tags\":[\"x\"]}"),
        new Request("POST", "/api/v1/sessions/never-seen/close", "{}"),
        new Request("GET", "/realtime/v1/sessions/never-seen/in"),
        new Request("GET", "/realtime/v1/sessions/never-seen/in/records"),
        new Request("POST", "/api/v1/waitpoints/tokens", "{}"),
        new Request("GET", "/api/v1/waitpoints/tokens/" + waitpoint),
        new Request("GET", "/api/admin/projections"),
        // The contract has a status of its own for this one (eliza.md section 7).
        new Request("POST", "/api/messaging/sessions", CHAT, 500),
        new Request("GET", "/api/messaging/sessions"),
        new Request("GET", "/api/messaging/sessions/" + chat),
        new Request("GET", "/api/messaging/sessions/" + chat + "/messages"),
        new Request(
            "POST", "/api/messaging/sessions/" + chat + "/messages", "{\"content\":\"x\"}"));
  }

  /** All at the same time: each is told within the ask timeout that it should try again. */
  private static void assertTold(TestClient client, List<Request> requests) {
    List<CompletableFuture<Void>> told = new ArrayList<>();
    for (Request request : requests) {
      told.add(
          CompletableFuture.runAsync(
              () -> assertTold(client, request), work -> new Thread(work).start()));
    }
    CompletableFuture.allOf(told.toArray(CompletableFuture[]::new)).join();
  }

  private static void assertTold(TestClient client, Request request) {
    long asked = System.nanoTime();
    HttpResponse<String> answer;
    try {
      answer = client.send(request.method(), request.path(), request.body());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(request + " is not answered", e);
    }
    assertThat(answer.statusCode())
        .as("%s: %s", request, answer.body())
        .isEqualTo(request.status());
    assertThat(answer.headers().firstValue("Retry-After").isPresent())
        .as("%s says when to come again", request)
        .isEqualTo(request.status() == 503);
    assertThat(Duration.ofNanos(System.nanoTime() - asked))
        .as("%s", request)
        .isLessThan(DatabaseLoad.ANSWER_LIMIT);
  }

  private static String chat(TestClient client) throws Exception {
    HttpResponse<String> made = client.send("POST", "/api/messaging/sessions", CHAT);
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    return JSON.readTree(made.body()).get("sessionId").asText();
  }

  private static List<String> waitpoints(TestClient client, Instant deadline) throws Exception {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      HttpResponse<String> made =
          client.send("POST", "/api/v1/waitpoints/tokens", "{\"timeout\":\"" + deadline + "\"}");
      assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
      ids.add(JSON.readTree(made.body()).get("id").asText());
    }
    return ids;
  }

  private static void awaitTime(Instant time) {
    assertThat(Eventually.within(LIMIT, () -> Instant.now().isAfter(time))).isTrue();
  }

  private static long lines() {
    return server.stderr().lines().count();
  }

  private static void report(String what, DatabaseLoad load, Duration resumed) {
    System.out.printf(
        "DatabaseFailuresIT: %s: all went on %d ms after it was back, %d appends were refused%n",
        what, resumed.toMillis(), load.refused());
  }
}
