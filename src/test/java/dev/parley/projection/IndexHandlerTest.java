package dev.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.SessionEvent;
import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.projection.eventsourced.EventEnvelope;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IndexHandlerTest {
  private static final Instant AT = CatalogFixture.START;
  private static final SessionId ID = SessionId.ofExternal(CatalogFixture.ENVIRONMENT, "user");
  private static final SessionEvent CREATED =
      new SessionEvent.Created(CatalogFixture.info("user", AT), null, null);
  private static final SessionEvent CLOSED = new SessionEvent.Closed(AT.plusMillis(3), "it's over");

  private static IndexDatabase database;

  @BeforeAll
  static void start() {
    database = IndexDatabase.start();
  }

  @AfterAll
  static void stop() throws Exception {
    database.close();
  }

  @BeforeEach
  void clear() throws Exception {
    database.execute("truncate session_index");
  }

  @Test
  void applies_the_events_of_a_session_in_their_order_within_a_group() throws Exception {
    process(
        event(1, CREATED),
        event(3, updated("{\"v\":3}")),
        event(4, new SessionEvent.RunSwapped("run_2", AT.plusMillis(1))),
        event(5, updated("{\"v\":5}")),
        event(7, CLOSED));
    assertThat(listed())
        .isEqualTo(
            new SessionInfo(
                "user",
                "chat.agent",
                "support",
                "{\"v\":5}",
                List.of("t"),
                null,
                "run_2",
                AT,
                AT.plusMillis(3),
                null,
                AT.plusMillis(3),
                "it's over",
                null));
  }

  @Test
  void changes_nothing_when_events_come_again() throws Exception {
    process(event(1, CREATED), event(2, updated("{\"v\":2}")), event(3, CLOSED));
    SessionInfo before = listed();
    process(event(1, CREATED));
    process(event(2, updated("{\"v\":2}")), event(3, CLOSED));
    assertThat(listed()).isEqualTo(before);
  }

  @Test
  void leaves_out_only_the_event_that_the_database_refuses() throws Exception {
    process(
        event(1, CREATED),
        event(2, updated("{\"v\":\"\0\"}")),
        envelope("Other|x", 1, CREATED),
        event(3, CLOSED));
    assertThat(listed().closedReason()).isEqualTo("it's over");
    assertThat(listed().triggerConfig()).isEqualTo("{}");
  }

  @Test
  void a_session_that_was_purged_and_made_anew_within_a_group_has_the_newer_row() throws Exception {
    SessionEvent again =
        new SessionEvent.Created(CatalogFixture.info("user", AT.plusMillis(9)), null, null);
    process(
        event(1, CREATED),
        event(3, CLOSED),
        event(4, new SessionEvent.Purged(4, AT)),
        event(5, again),
        event(7, updated("{\"v\":7}")));
    assertThat(listed().createdAt()).isEqualTo(AT.plusMillis(9));
    assertThat(listed().closedAt()).isNull();
    assertThat(listed().triggerConfig()).isEqualTo("{\"v\":7}");
  }

  @Test
  void writes_a_full_group_at_once() throws Exception {
    List<EventEnvelope<SessionEvent>> group =
        IntStream.range(0, 500)
            .mapToObj(i -> SessionId.ofExternal(CatalogFixture.ENVIRONMENT, "user " + i))
            .map(id -> envelope("Session|" + id.entityId(), 1, CREATED))
            .toList();
    process(group);
    assertThat(database.rows()).hasSize(500);
  }

  private static SessionEvent updated(String triggerConfig) {
    return new SessionEvent.Updated(triggerConfig, List.of("t"), null, null, AT.plusMillis(2));
  }

  private static EventEnvelope<SessionEvent> event(long version, SessionEvent event) {
    return envelope("Session|" + ID.entityId(), version, event);
  }

  private static EventEnvelope<SessionEvent> envelope(
      String persistenceId, long version, SessionEvent event) {
    return EventEnvelope.create(Offset.sequence(version), persistenceId, version, event, 0);
  }

  @SafeVarargs
  private static void process(EventEnvelope<SessionEvent>... group) throws Exception {
    process(List.of(group));
  }

  private static void process(List<EventEnvelope<SessionEvent>> group) throws Exception {
    ProjectionSession session = ProjectionSession.open(database.pool());
    new IndexHandler(null).process(session, group);
    session.commit();
    session.close();
  }

  private static SessionInfo listed() throws Exception {
    SessionIndex index = new SessionIndex(database.pool(), Runnable::run);
    Query all = Queries.all(CatalogFixture.ENVIRONMENT, 20, AT);
    List<Item> items = SessionCatalogContract.page(index, all).items();
    assertThat(items).hasSize(1);
    return items.get(0).info();
  }
}
