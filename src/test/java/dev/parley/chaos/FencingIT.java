package dev.parley.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.Eventually;
import dev.parley.FreePort;
import dev.parley.OwnServer;
import dev.parley.journal.ClusterMembers;
import dev.parley.journal.Database;
import dev.parley.journal.EmbeddedPostgres;
import dev.parley.journal.Incarnation;
import dev.parley.journal.TestPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node that others have given up and that does not know it yet: here it goes on living, so that
 * what it still does can be seen.
 */
@Tag("long")
class FencingIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Longer than a node believes that its sessions are its own. */
  private static final Duration TENURE = Duration.ofSeconds(5);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private EmbeddedPostgres postgres;
  private Database database;
  private OwnServer given;
  private OwnServer other;
  private String givenAddress;

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    postgres = TestPostgres.start();
    database = Database.open(postgres.address(), 2, Duration.ofSeconds(20));
    int first = FreePort.on("127.0.0.1");
    int second = FreePort.on("127.0.0.1");
    givenAddress = "127.0.0.1:" + first;
    String seeds = givenAddress + ",127.0.0.1:" + second;
    given = OwnServer.start(directory.resolve("given"), settings(first, seeds));
    other = OwnServer.start(directory.resolve("other"), settings(second, seeds));
  }

  @AfterEach
  void stop() {
    given.close();
    other.close();
    database.close();
    postgres.close();
  }

  private Map<String, Object> settings(int port, String seeds) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("parley.database-url", postgres.address().url());
    settings.put("parley.cluster.port", port);
    settings.put("parley.cluster.seed-nodes", seeds);
    settings.put("pekko.cluster.jmx.enabled", false);
    return settings;
  }

  private HttpResponse<String> send(OwnServer server, String method, String path, String body)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(server.origin() + path))
            .header("Authorization", "Bearer " + OwnServer.KEY)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private int append(OwnServer server, String session, String text) throws Exception {
    return send(server, "POST", "/realtime/v1/sessions/" + session + "/in/append", text)
        .statusCode();
  }

  private HttpResponse<String> records(OwnServer server, String session) throws Exception {
    return send(server, "GET", "/realtime/v1/sessions/" + session + "/in/records", "");
  }

  @Test
  void acknowledges_nothing_and_shows_nothing_from_memory() throws Exception {
    List<String> sessions = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      sessions.add("s" + i);
      assertThat(
              send(
                      given,
                      "POST",
                      "/api/v1/sessions",
                      """
                      {"type":"t","taskIdentifier":"t","externalId":"s%d","triggerConfig":{"basePayload":{}}}"""
                          .formatted(i))
                  .statusCode())
          .isEqualTo(201);
      assertThat(append(given, "s" + i, "before")).isEqualTo(200);
    }

    giveUp();

    Map<String, Integer> appended = atOnce(sessions, session -> append(given, session, "after"));
    assertThat(appended.values()).isSubsetOf(200, 503);
    List<String> ofGiven =
        sessions.stream().filter(session -> appended.get(session) == 503).toList();
    assertThat(ofGiven).as("sessions that live on the node").isNotEmpty();
    assertThat(atOnce(ofGiven, session -> append(other, session, "after")).values())
        .containsOnly(503);
    assertThat(atOnce(ofGiven, session -> records(given, session).statusCode()).values())
        .containsOnly(503);

    // Its shards are handed over, as they are when it has been removed from the cluster.
    given.close();
    for (String session : sessions) {
      assertThat(Eventually.within(LIMIT, () -> appendsAtOther(session))).isTrue();
      String records = records(other, session).body();
      assertThat(records.split("\"after\"", -1)).hasSize(ofGiven.contains(session) ? 1 : 2);
      assertThat(records).contains("\"before\"", "\"at last\"");
    }
  }

  private interface Question {
    int of(String session) throws Exception;
  }

  /** Refusals take their time. */
  private static Map<String, Integer> atOnce(List<String> sessions, Question question)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(sessions.size());
    try {
      Map<String, Future<Integer>> asked = new HashMap<>();
      sessions.forEach(session -> asked.put(session, threads.submit(() -> question.of(session))));
      Map<String, Integer> answers = new HashMap<>();
      for (Map.Entry<String, Future<Integer>> answer : asked.entrySet()) {
        answers.put(answer.getKey(), answer.getValue().get());
      }
      return answers;
    } finally {
      threads.shutdown();
    }
  }

  private boolean appendsAtOther(String session) {
    try {
      return append(other, session, "at last") == 200;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** As the others do it, and returns when the node has ceased to believe in itself. */
  private void giveUp() throws Exception {
    String uid =
        TestPostgres.query(
            postgres.address(),
            "select uid from cluster_member where address = '" + givenAddress + "'");
    ClusterMembers someone =
        new ClusterMembers(
            database.dataSource(), Incarnation.begin(), new ClusterMembers.Node("someone:1", 1));
    someone.enter(Duration.ZERO);
    assertThat(
            someone.remove(
                List.of(new ClusterMembers.Node(givenAddress, Long.parseLong(uid))), TENURE))
        .isTrue();
  }
}
