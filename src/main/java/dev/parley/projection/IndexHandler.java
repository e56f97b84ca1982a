package dev.parley.projection;

import dev.parley.journal.UndecodableEvent;
import dev.parley.session.SessionEvent;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.persistence.query.Sequence;
import org.apache.pekko.projection.eventsourced.EventEnvelope;
import org.apache.pekko.projection.jdbc.javadsl.JdbcHandler;
import org.jspecify.annotations.Nullable;

/**
 * Writes a group of events to the index. Should PostgreSQL refuse a value, then the group is done
 * again event by event. The one that holds the value is parked, as is one that can't be decoded:
 * what will never succeed must not stop the sessions behind it.
 */
final class IndexHandler extends JdbcHandler<List<EventEnvelope<SessionEvent>>, ProjectionSession> {
  private final @Nullable Duration retention;

  /**
   * @param retention how long a session stays behind its end; null for ever
   */
  IndexHandler(@Nullable Duration retention) {
    this.retention = retention;
  }

  @Override
  public void process(ProjectionSession session, List<EventEnvelope<SessionEvent>> group)
      throws Exception {
    session.withConnection(
        connection -> {
          write(connection, parkDamaged(connection, group));
          return null;
        });
  }

  /** The journal puts {@link UndecodableEvent} in the place of any event, whatever its type. */
  private static List<EventEnvelope<?>> parkDamaged(
      Connection connection, List<? extends EventEnvelope<?>> group) throws SQLException {
    List<EventEnvelope<?>> sound = new ArrayList<>();
    for (EventEnvelope<?> envelope : group) {
      if (envelope.event() instanceof UndecodableEvent damaged) {
        park(connection, envelope, new IllegalArgumentException(damaged.reason()));
      } else {
        sound.add(envelope);
      }
    }
    return sound;
  }

  private void write(Connection connection, List<EventEnvelope<?>> group) throws SQLException {
    List<IndexChange> changes =
        group.stream().map(IndexChange::of).flatMap(Optional::stream).toList();
    Savepoint start = connection.setSavepoint();
    try {
      IndexWriter.write(connection, changes, retention);
      connection.releaseSavepoint(start);
    } catch (SQLException e) {
      if (!isRefusedValue(e)) {
        throw e;
      }
      connection.rollback(start);
      if (group.size() > 1) {
        for (EventEnvelope<?> envelope : group) {
          write(connection, List.of(envelope));
        }
      } else {
        // Not the exception itself: its text repeats what the client has stored.
        String reason = "PostgreSQL refuses a value, SQL state " + e.getSQLState();
        park(connection, group.get(0), new IllegalArgumentException(reason));
      }
    }
  }

  private static void park(Connection connection, EventEnvelope<?> envelope, Throwable reason)
      throws SQLException {
    ParkedEvents.park(
        connection,
        IndexProjection.NAME,
        ((Sequence) envelope.offset()).value(),
        envelope.persistenceId(),
        envelope.sequenceNr(),
        reason);
  }

  /** Data exceptions (class 22), violated constraints (23) and exceeded limits of a row (54). */
  private static boolean isRefusedValue(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith("22") || state.startsWith("23") || state.startsWith("54");
  }
}
