package dev.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.journal.EventTags;
import dev.parley.session.Given;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import dev.parley.session.SessionReply;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class IndexProjectionTest {
  private static final String ENVIRONMENT = "env/with a slash";
  private static final Duration LISTED_WITHIN = Duration.ofSeconds(1);
  private static final Duration STARTED_WITHIN = Duration.ofSeconds(15);

  private static final Instant IN_AN_HOUR =
      Instant.now().plusSeconds(3_600).truncatedTo(ChronoUnit.MILLIS);

  private static IndexDatabase database;
  private static ProjectionNode node;

  @BeforeAll
  static void start() throws Exception {
    database = IndexDatabase.start();
    node = ProjectionNode.start(database);
    awaitAllSlices();
  }

  @AfterAll
  static void stop() throws Exception {
    node.close();
    database.close();
  }

  @Test
  void lists_each_change_of_a_session_within_a_second_of_its_acknowledgement() throws Exception {
    for (int i = 0; i < 12; i++) {
      SessionId id = create("user " + i, IN_AN_HOUR);
      await(id, info -> info.externalId() != null, LISTED_WITHIN);

      node.ask(id, new SessionCommand.Update(List.of("x", "ü"), new Given<>("{\"a\":1}"), null));
      await(
          id,
          info -> info.tags().equals(List.of("x", "ü")) && "{\"a\":1}".equals(info.metadata()),
          LISTED_WITHIN);

      node.ask(id, new SessionCommand.EndAndContinue("run_1", "run_2"));
      await(id, info -> info.currentRunId().equals("run_2"), LISTED_WITHIN);

      SessionReply closed = node.ask(id, new SessionCommand.Close("done", null, "r"));
      SessionInfo last = ((SessionReply.Row) closed).info();
      await(id, last::equals, LISTED_WITHIN);
    }
  }

  @Test
  void is_not_held_up_by_the_number_of_a_transaction_that_was_rolled_back() throws Exception {
    for (int i = 0; i < 3; i++) {
      database.execute("select nextval('event_journal_ordering_seq')");
      await(create("after gap " + i, null), info -> true, LISTED_WITHIN);
    }
  }

  @Test
  void misses_no_event_that_is_committed_after_those_with_larger_numbers() throws Exception {
    SessionId late = SessionId.ofExternal(ENVIRONMENT, "late");
    SessionInfo info = CatalogFixture.info("late", Instant.now().truncatedTo(ChronoUnit.MILLIS));
    SessionId early;
    try (Connection writer = database.pool().getConnection()) {
      writer.setAutoCommit(false);
      database.append(writer, late, 1, new SessionEvent.Created(info, null, null));
      early = create("early", null);
      writer.commit();
    }
    await(late, info::equals, LISTED_WITHIN);
    await(early, seen -> true, LISTED_WITHIN);
  }

  @Test
  void has_the_same_rows_after_all_events_were_applied_again() throws Exception {
    SessionId id = create("replayed", IN_AN_HOUR);
    node.ask(id, new SessionCommand.Update(List.of("r"), null, null));
    node.ask(id, new SessionCommand.EndAndContinue("run_1", "run_9"));
    node.ask(id, new SessionCommand.Close(null, "run_9", "r"));
    await(id, info -> info.closedAt() != null, LISTED_WITHIN);
    List<String> rows = database.rows();
    for (String forget :
        List.of(
            "delete from pekko_projection_offset_store",
            "truncate session_index, pekko_projection_offset_store")) {
      node.close();
      database.execute(forget);
      node = ProjectionNode.start(database);
      awaitAllSlices();
      assertThat(database.rows()).containsAll(rows);
    }
  }

  /** A slice that has listed a new session has applied everything older. */
  private static void awaitAllSlices() throws Exception {
    Set<String> slices = new HashSet<>();
    for (int i = 0; slices.size() < EventTags.LIFECYCLE.size(); i++) {
      SessionId id = create("slice " + Instant.now() + i, null);
      await(id, info -> true, STARTED_WITHIN);
      slices.addAll(EventTags.of(id, new SessionEvent.RunSwapped("", Instant.EPOCH)));
    }
  }

  /** Waits until the session is listed like that. */
  private static void await(SessionId id, Predicate<SessionInfo> like, Duration patience)
      throws Exception {
    long start = System.nanoTime();
    SessionInfo seen = null;
    while (System.nanoTime() - start < patience.toNanos()) {
      seen = listed(id);
      if (seen != null && like.test(seen)) {
        return;
      }
      Thread.sleep(5);
    }
    throw new AssertionError(id + " was not listed within " + patience + ", last seen: " + seen);
  }

  /** What the index itself has, without what a list adds from the journal. */
  private static @Nullable SessionInfo listed(SessionId id) throws Exception {
    try (Connection connection = database.pool().getConnection()) {
      CatalogRow row = IndexRows.find(connection, List.of(id)).get(id);
      return row == null ? null : row.info();
    }
  }

  private static SessionId create(String externalId, @Nullable Instant expiresAt) throws Exception {
    return node.create(ENVIRONMENT, externalId, expiresAt);
  }
}
