package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.journal.DatabaseAddress;
import dev.parley.journal.EmbeddedPostgres;
import dev.parley.journal.StoredSessionId;
import dev.parley.journal.TestPostgres;
import dev.parley.session.SessionId;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A purge comes to its end although the server is killed in the middle of it. */
class PurgeCrashIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String KEY = ParleyProcess.SECRET_KEY;

  @TempDir Path directory;

  private final long seed = Long.getLong("parley.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private EmbeddedPostgres postgres;
  private StoredText stored;

  @BeforeEach
  void start() {
    System.out.println("PurgeCrashIT: repeat with -Dparley.seed=" + seed);
    postgres = TestPostgres.start();
    stored = new StoredText(postgres.address());
  }

  @AfterEach
  void stop() {
    postgres.close();
  }

  private ParleyProcess server() {
    return ParleyProcess.start(
        directory,
        Map.of(
            "PARLEY_SECRET_KEY", KEY, "PARLEY_DATABASE_URL", TestPostgres.url(postgres.address())));
  }

  private static void fill(TestClient client, String key, int records) throws Exception {
    client.create(key);
    for (int i = 0; i < records; i++) {
      assertThat(client.append(key, "in", "part " + i, key + " says " + i).statusCode())
          .isEqualTo(200);
    }
  }

  private static CompletableFuture<Integer> purge(TestClient client, String key) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return client
                .send("DELETE", "/api/v1/sessions/" + key + "?purge=true", "")
                .statusCode();
          } catch (IOException e) {
            return 0;
          } catch (InterruptedException e) {
            throw new IllegalStateException("Interrupted", e);
          }
        },
        command -> new Thread(command).start());
  }

  private long events(String key, String condition) {
    return Long.parseLong(
        stored.value(
            "select count(*) from event_journal where persistence_id = ? and " + condition,
            StoredSessionId.of(SessionId.ofExternal("env_default", key))));
  }

  private void assertNothingLeft(String key) {
    assertThat(Eventually.within(LIMIT, () -> stored.find(key).isEmpty()))
        .as("%s", stored.find(key))
        .isTrue();
    assertThat(events(key, "event_ser_manifest <> 'G'")).isZero();
  }

  private static void assertBeginsAnew(TestClient client, String key) throws Exception {
    client.create(key);
    HttpResponse<String> appended = client.append(key, "in", "part 0", "new");
    assertThat(appended.body()).isEqualTo("{\"ok\":true,\"seq\":0}");
    assertThat(client.records(key, "in")).hasSize(1);
  }

  /** One of the rows is held, so that the purge stands still where the kill finds it. */
  @Test
  void what_a_kill_has_left_of_a_session_goes_by_itself_after_the_restart() throws Exception {
    try (ParleyProcess server = server()) {
      TestClient client = new TestClient(server, KEY);
      String key = "half-purged";
      fill(client, key, 1_100);
      long before = events(key, "true");
      assertThat(before).isGreaterThan(1_100);
      CompletableFuture<Integer> answer;
      try (Connection holding = hold(key, 300)) {
        answer = purge(client, key);
        assertThat(Eventually.within(LIMIT, () -> events(key, "event_ser_manifest = 'G'") > 1))
            .isTrue();
        assertThat(events(key, "event_ser_manifest <> 'G'")).isPositive();
        server.kill9();
        holding.rollback();
      }
      assertThat(answer.get(20, TimeUnit.SECONDS)).isNotEqualTo(200);
      server.restart();
      assertNothingLeft(key);
      assertThat(purge(client, key).get(20, TimeUnit.SECONDS)).isEqualTo(404);
      assertBeginsAnew(client, key);
      // What came after survives a kill, too, without the rows that would lead to it.
      server.kill9();
      server.restart();
      assertThat(client.records(key, "in")).hasSize(1);
    }
  }

  private Connection hold(String key, long version) throws SQLException {
    DatabaseAddress database = postgres.address();
    Connection connection =
        DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
    connection.setAutoCommit(false);
    try (PreparedStatement select =
        connection.prepareStatement(
            "select 1 from event_journal where persistence_id = ? and sequence_number = ?"
                + " for update")) {
      select.setString(1, StoredSessionId.of(SessionId.ofExternal("env_default", key)));
      select.setLong(2, version);
      select.executeQuery();
    }
    return connection;
  }

  @Test
  void a_purge_that_is_asked_for_again_after_a_kill_at_any_instant_leaves_nothing()
      throws Exception {
    try (ParleyProcess server = server()) {
      TestClient client = new TestClient(server, KEY);
      for (int round = 0; round < 2; round++) {
        String key = "killed-" + round;
        fill(client, key, 100);
        CompletableFuture<Integer> lost = purge(client, key);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(350)));
        server.kill9();
        lost.get(20, TimeUnit.SECONDS);
        server.restart();
        assertThat(purge(client, key).get(20, TimeUnit.SECONDS)).isIn(200, 404);
        assertThat(stored.find(key)).isEmpty();
        assertThat(events(key, "event_ser_manifest <> 'G'")).isZero();
        assertBeginsAnew(client, key);
      }
    }
  }
}
