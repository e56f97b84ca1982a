package dev.parley;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.parley.entity.DueWorkers;
import dev.parley.entity.SessionEntity;
import dev.parley.journal.DatabaseAddress;
import dev.parley.journal.DueIndex;
import dev.parley.journal.EmbeddedPostgres;
import dev.parley.journal.EventCodec;
import dev.parley.journal.TestPostgres;
import dev.parley.session.Channel;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionEvent.WaitpointsTimedOut;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import dev.parley.session.WaitpointId;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Deadlines of sessions that sleep, in a server of its own that lets them fall asleep at once. What
 * becomes of them is read from the database: a session that is asked is awake.
 */
class SleepingWaitersTest {
  private static final String ENVIRONMENT = "env_sleepy";

  /** A second, and something for a machine that does other things. */
  private static final Duration LATE = Duration.ofMillis(1_500);

  /** How long before its deadline a session is last asked; many times what sends it to sleep. */
  private static final Duration SLEEP = Duration.ofSeconds(4);

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Sessions that are stored when nobody has ever asked for them. */
  private static final String MASS = "env_mass";

  @TempDir private static Path directory;

  private static EmbeddedPostgres postgres;
  private static Server server;

  /** Opened once, since what is looked at again and again must cost the server no time. */
  private static Connection connection;

  /** What the journal says of waiters that have timed out. */
  private record TimedOut(String persistenceId, String waitpointId, Instant at) {}

  @BeforeAll
  static void start() throws Exception {
    postgres = TestPostgres.start();
    DatabaseAddress database = postgres.address();
    connection =
        DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
    server =
        Server.start(
            Settings.of(
                ConfigFactory.load(
                    ConfigFactory.parseMap(
                            Map.of(
                                "pekko.cluster.sharding.passivation.default-idle-strategy"
                                    + ".idle-entity.timeout",
                                "500ms",
                                "parley.data-dir",
                                directory.toString(),
                                "parley.database-url",
                                TestPostgres.url(database),
                                "parley.http.port",
                                0,
                                "parley.secret-key",
                                "sleepy-key-in-use"))
                        .withFallback(ConfigFactory.defaultApplication()))));
  }

  @AfterAll
  static void stop() throws SQLException {
    server.close();
    connection.close();
    postgres.close();
  }

  private static CompletionStage<SessionReply> register(
      SessionId session, String waitpoint, @Nullable Instant timeoutAt) {
    return server
        .sessions()
        .ask(
            session,
            new SessionCommand.Wait(
                waitpoint, Channel.IN, -1, timeoutAt, List.of(), null, null, null, false));
  }

  /** A waiter in each of so many sessions, and its deadline. */
  private static Map<String, Instant> register(int count, Instant first, Duration step) {
    Map<String, Instant> deadlines = new LinkedHashMap<>();
    List<CompletionStage<SessionReply>> replies = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      SessionId session = SessionId.random(ENVIRONMENT);
      String id = WaitpointId.mint(session);
      Instant deadline = first.plus(step.multipliedBy(i)).truncatedTo(ChronoUnit.MILLIS);
      deadlines.put(id, deadline);
      replies.add(register(session, id, deadline));
    }
    for (CompletionStage<SessionReply> reply : replies) {
      assertThat(reply.toCompletableFuture().join()).isInstanceOf(SessionReply.WaitpointIs.class);
    }
    return deadlines;
  }

  private static List<TimedOut> timedOut() {
    String manifest = EventCodec.manifest(new WaitpointsTimedOut(List.of(), Instant.EPOCH));
    String sql =
        "select persistence_id, event_payload from event_journal where event_ser_manifest = ?";
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setString(1, manifest);
      List<TimedOut> all = new ArrayList<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          WaitpointsTimedOut event =
              (WaitpointsTimedOut) EventCodec.decode(manifest, rows.getBytes(2));
          for (String id : event.ids()) {
            all.add(new TimedOut(rows.getString(1), id, event.at()));
          }
        }
      }
      return all;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** When the entry of a session is due; null when there is none. */
  private static @Nullable Instant dueAt(SessionId session) {
    try (PreparedStatement select =
        connection.prepareStatement(
            "select due_at from session_due where environment_id = ? and friendly_id = ?")) {
      select.setString(1, session.environmentId());
      select.setString(2, session.friendlyId());
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Instant.ofEpochMilli(row.getLong(1)) : null;
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** How many of the sessions of these waiters have an entry. */
  private static int entries(Set<String> waitpoints) {
    String[] sessions =
        waitpoints.stream().map(id -> sessionOf(id).friendlyId()).toArray(String[]::new);
    try (PreparedStatement select =
        connection.prepareStatement(
            "select count(*) from session_due where friendly_id = any(?)")) {
      select.setArray(1, connection.createArrayOf("text", sessions));
      return count(select);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static SessionId sessionOf(String waitpoint) {
    return WaitpointId.session(ENVIRONMENT, waitpoint).orElseThrow();
  }

  private static void put(SessionId session, Instant dueAt) throws SQLException {
    DueIndex.put(connection, Map.of(session, dueAt));
  }

  private static void awaitTimedOut(Map<String, Instant> deadlines) {
    assertThat(
            Eventually.within(
                PATIENCE,
                () ->
                    timedOut().stream()
                        .map(TimedOut::waitpointId)
                        .toList()
                        .containsAll(deadlines.keySet())))
        .as("all deadlines are met")
        .isTrue();
  }

  private static void assertInTimeAndOnce(Map<String, Instant> deadlines) {
    Map<String, List<TimedOut>> events =
        timedOut().stream().collect(groupingBy(TimedOut::waitpointId));
    deadlines.forEach(
        (id, deadline) -> {
          assertThat(events.get(id)).as("%s is timed out once", id).hasSize(1);
          TimedOut event = events.get(id).get(0);
          assertThat(event.persistenceId())
              .isEqualTo(SessionEntity.persistenceId(sessionOf(id)).id());
          assertThat(event.at()).isBetween(deadline, deadline.plus(LATE));
        });
  }

  private static void awaitNoEntries(Map<String, Instant> deadlines) {
    assertThat(Eventually.within(PATIENCE, () -> entries(deadlines.keySet()) == 0))
        .as("no entry is left")
        .isTrue();
  }

  @Test
  void hundreds_of_deadlines_within_a_second_are_met_once_each() {
    Instant first = Instant.now().plus(SLEEP).plusSeconds(4);
    Map<String, Instant> deadlines = register(300, first, Duration.ofMillis(3));
    assertThat(Instant.now())
        .as("all are registered in time to sleep")
        .isBefore(first.minus(SLEEP));
    awaitTimedOut(deadlines);
    awaitNoEntries(deadlines);
    assertInTimeAndOnce(deadlines);
  }

  @Test
  void thousands_that_fall_due_in_one_second_are_handled_once_each_and_few_at_a_time()
      throws Exception {
    // The first of them only warm the server up.
    Instant soon = Instant.now().plusSeconds(1);
    Map<String, Instant> some = store(1_000, soon);
    awaitNoneOfMass();
    Instant first = Instant.now().plusSeconds(2).truncatedTo(ChronoUnit.MILLIS);
    Map<String, Instant> deadlines = store(5_000, first);
    assertThat(Instant.now()).as("all are stored before they are due").isBefore(first);
    int mostAtOnce = awaitNoneOfMass();
    assertHandledOnce(some, soon.plus(PATIENCE));
    assertHandledOnce(deadlines, first.plusSeconds(10));
    assertThat(mostAtOnce)
        .isPositive()
        .isLessThanOrEqualTo(DueWorkers.MAX_UNDER_WAY * DueIndex.SLICES);
  }

  /** Sessions that fall due within a second, by their persistence ids. */
  private static Map<String, Instant> store(int count, Instant first) throws Exception {
    Map<String, Instant> deadlines = new HashMap<>();
    try (StoredSessions stored = new StoredSessions(postgres.address(), MASS)) {
      for (int i = 0; i < count; i++) {
        Instant deadline = first.plusMillis(i * 1_000L / count).truncatedTo(ChronoUnit.MILLIS);
        deadlines.put(SessionEntity.persistenceId(stored.add(deadline)).id(), deadline);
      }
    }
    return deadlines;
  }

  /** Waits until nothing is due any more; how many were awake at once with something due. */
  private static int awaitNoneOfMass() throws SQLException {
    AtomicInteger most = new AtomicInteger();
    try (PreparedStatement left =
        connection.prepareStatement(
            "select count(*) from session_due where environment_id = '" + MASS + "'")) {
      assertThat(
              Eventually.within(
                  PATIENCE,
                  () -> {
                    most.accumulateAndGet(server.sessions().awaiting(), Math::max);
                    return count(left) == 0;
                  }))
          .as("no entry is left")
          .isTrue();
    }
    return most.get();
  }

  private static void assertHandledOnce(Map<String, Instant> deadlines, Instant limit) {
    Map<String, List<TimedOut>> events =
        timedOut().stream().collect(groupingBy(TimedOut::persistenceId));
    deadlines.forEach(
        (id, deadline) ->
            assertThat(events.get(id))
                .as("%s is handled once", id)
                .singleElement()
                .satisfies(event -> assertThat(event.at()).isBetween(deadline, limit)));
  }

  private static int count(PreparedStatement select) {
    try (ResultSet row = select.executeQuery()) {
      row.next();
      return row.getInt(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_useless_entry_goes_and_an_early_one_is_put_right() throws Exception {
    Map<String, Instant> deadlines = register(1, Instant.now().plus(SLEEP), Duration.ZERO);
    String waitpoint = deadlines.keySet().iterator().next();
    SessionId early = sessionOf(waitpoint);
    assertThat(Eventually.within(PATIENCE, () -> dueAt(early) != null)).isTrue();
    SessionId useless = SessionId.random(ENVIRONMENT);
    put(useless, Instant.now());
    put(early, Instant.now().minusSeconds(100));
    assertThat(Eventually.within(PATIENCE, () -> dueAt(useless) == null)).isTrue();
    assertThat(Eventually.within(PATIENCE, () -> deadlines.get(waitpoint).equals(dueAt(early))))
        .isTrue();
    awaitTimedOut(deadlines);
    awaitNoEntries(deadlines);
    assertInTimeAndOnce(deadlines);
    assertThat(timedOut())
        .extracting(TimedOut::persistenceId)
        .doesNotContain(SessionEntity.persistenceId(useless).id());
  }

  @Test
  void the_deadlines_of_one_session_are_met_one_after_the_other() {
    SessionId session = SessionId.random(ENVIRONMENT);
    Instant first = Instant.now().plus(SLEEP).truncatedTo(ChronoUnit.MILLIS);
    Map<String, Instant> deadlines = new LinkedHashMap<>();
    for (Instant deadline : List.of(first.plus(SLEEP), first, first.plusMillis(10))) {
      String id = WaitpointId.mint(session);
      deadlines.put(id, deadline);
      register(session, id, deadline).toCompletableFuture().join();
    }
    awaitTimedOut(deadlines);
    awaitNoEntries(deadlines);
    assertInTimeAndOnce(deadlines);
  }

  @Test
  void a_session_that_cannot_be_woken_does_not_hold_up_the_others() throws Exception {
    SessionId broken = SessionId.random(ENVIRONMENT);
    storeBrokenEvent(broken);
    put(broken, Instant.now());
    Instant first = Instant.now().plus(SLEEP);
    // Spread over as much time as a vain attempt and the pause behind it take.
    Map<String, Instant> deadlines = register(60, first, Duration.ofMillis(200));
    assertThat(deadlines.keySet().stream().map(id -> DueIndex.slice(sessionOf(id))))
        .contains(DueIndex.slice(broken));
    awaitTimedOut(deadlines);
    assertInTimeAndOnce(deadlines);
    // It is tried again and again, but not all the time.
    assertThat(dueAt(broken)).isNotNull().isAfter(Instant.now().minusSeconds(6));
    try (PreparedStatement delete =
        connection.prepareStatement("delete from session_due where friendly_id = ?")) {
      delete.setString(1, broken.friendlyId());
      delete.executeUpdate();
    }
  }

  /** An event that nobody can read. */
  private static void storeBrokenEvent(SessionId session) throws SQLException {
    SessionId model = SessionId.random(ENVIRONMENT);
    register(model, WaitpointId.mint(model), null).toCompletableFuture().join();
    String sql =
        """
        insert into event_journal (persistence_id, sequence_number, writer, write_timestamp,
          adapter_manifest, event_ser_id, event_ser_manifest, event_payload)
        select ?, 1, writer, write_timestamp, adapter_manifest, event_ser_id, event_ser_manifest,
          decode('ffffffff', 'hex')
        from event_journal where persistence_id = ?
        """;
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setString(1, SessionEntity.persistenceId(session).id());
      insert.setString(2, SessionEntity.persistenceId(model).id());
      assertThat(insert.executeUpdate()).isEqualTo(1);
    }
  }
}
