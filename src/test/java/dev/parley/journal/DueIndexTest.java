package dev.parley.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.journal.DueIndex.Entry;
import dev.parley.session.SessionId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DueIndexTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

  private static EmbeddedPostgres postgres;
  private static Database database;
  private static DueIndex index;

  private final SessionId id = SessionId.random("env");

  @BeforeAll
  static void start() {
    postgres = TestPostgres.start();
    database = Database.open(postgres.address(), 2, Duration.ofSeconds(20));
    index = new DueIndex(database.dataSource(), Runnable::run);
  }

  @AfterAll
  static void stop() {
    database.close();
    postgres.close();
  }

  @BeforeEach
  void clear() throws SQLException {
    TestPostgres.execute(postgres.address(), "truncate session_due");
  }

  private static void put(SessionId session, Instant dueAt) throws SQLException {
    put(Map.of(session, dueAt));
  }

  private static void put(Map<SessionId, Instant> dueTimes) throws SQLException {
    try (Connection connection = database.dataSource().getConnection()) {
      DueIndex.put(connection, dueTimes);
    }
  }

  private static List<Entry> due(SessionId session, Instant now) {
    return due(DueIndex.slice(session), now, 100);
  }

  private static List<Entry> due(int slice, Instant now, int limit) {
    return index.due(slice, now, limit).toCompletableFuture().join();
  }

  private static boolean settle(Entry entry, @Nullable Instant nextDue) {
    return index.settle(entry, nextDue).toCompletableFuture().join();
  }

  /** A session of the same slice. */
  private SessionId neighbour() {
    return Stream.generate(() -> SessionId.random("env"))
        .filter(other -> DueIndex.slice(other) == DueIndex.slice(id))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void what_is_due_is_found_earliest_first() throws SQLException {
    SessionId earlier = neighbour();
    SessionId later = neighbour();
    put(Map.of(id, NOW, earlier, NOW.minusMillis(1), later, NOW.plusMillis(1)));
    assertThat(due(id, NOW)).extracting(Entry::session).containsExactly(earlier, id);
    assertThat(due(id, NOW)).extracting(Entry::dueAt).containsExactly(NOW.minusMillis(1), NOW);
    assertThat(due(DueIndex.slice(id), NOW, 1)).extracting(Entry::session).containsExactly(earlier);
    assertThat(due((DueIndex.slice(id) + 1) % DueIndex.SLICES, NOW, 100)).isEmpty();
    assertThat(due(id, NOW.minusMillis(2))).isEmpty();
  }

  @Test
  void the_earliest_of_all_slices_is_found() throws SQLException {
    assertThat(index.earliest(NOW).toCompletableFuture().join()).isEmpty();
    for (int i = 0; i < 20; i++) {
      put(SessionId.random("env"), NOW.minusSeconds(i));
    }
    put(id, NOW.minusSeconds(30));
    assertThat(index.earliest(NOW).toCompletableFuture().join())
        .hasValueSatisfying(entry -> assertThat(entry.session()).isEqualTo(id));
    assertThat(index.earliest(NOW.minusSeconds(31)).toCompletableFuture().join()).isEmpty();
  }

  @Test
  void a_later_time_does_not_put_off_an_earlier_one() throws SQLException {
    put(id, NOW);
    put(id, NOW.plusSeconds(1));
    assertThat(due(id, NOW)).hasSize(1);
    put(id, NOW.minusSeconds(1));
    assertThat(due(id, NOW)).extracting(Entry::dueAt).containsExactly(NOW.minusSeconds(1));
  }

  @Test
  void sessions_of_the_same_name_in_two_environments_are_two() throws SQLException {
    SessionId other = new SessionId("env_b", id.friendlyId());
    put(Map.of(id, NOW, other, NOW));
    Entry entry = due(id, NOW).stream().filter(e -> e.session().equals(id)).findFirst().get();
    assertThat(settle(entry, null)).isTrue();
    assertThat(due(id, NOW)).extracting(Entry::session).containsExactly(other);
  }

  @Test
  void an_entry_that_was_dealt_with_goes_or_moves() throws SQLException {
    put(id, NOW);
    assertThat(settle(due(id, NOW).get(0), NOW.plusSeconds(5))).isTrue();
    assertThat(due(id, NOW)).isEmpty();
    Entry moved = due(id, NOW.plusSeconds(5)).get(0);
    assertThat(moved.dueAt()).isEqualTo(NOW.plusSeconds(5));
    assertThat(settle(moved, null)).isTrue();
    assertThat(due(id, NOW.plusSeconds(9))).isEmpty();
  }

  @Test
  void a_registration_during_a_wake_up_is_not_lost() throws SQLException {
    for (Instant settled : new Instant[] {null, NOW.plusSeconds(60)}) {
      for (Instant registered : List.of(NOW.minusSeconds(1), NOW, NOW.plusSeconds(10))) {
        clear();
        put(id, NOW);
        Entry read = due(id, NOW).get(0);
        // Here the session is woken, and has nothing to wait for.
        put(id, registered);
        assertThat(settle(read, settled)).isFalse();
        assertThat(due(id, NOW.plusSeconds(10))).hasSize(1);
      }
    }
  }

  @Test
  void a_registration_behind_somebody_else_s_wake_up_is_not_lost() throws SQLException {
    for (Instant settled : new Instant[] {null, NOW.plusSeconds(60)}) {
      clear();
      put(id, NOW);
      Entry mine = due(id, NOW).get(0);
      Entry theirs = due(id, NOW).get(0);
      assertThat(settle(theirs, null)).isTrue();
      put(id, NOW.plusSeconds(10));
      assertThat(settle(mine, settled)).isFalse();
      assertThat(due(id, NOW.plusSeconds(10))).hasSize(1);
    }
  }
}
