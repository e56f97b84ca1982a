package dev.parley.projection;

import dev.parley.session.SessionEvent;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.projection.eventsourced.EventEnvelope;
import org.apache.pekko.projection.jdbc.javadsl.JdbcHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a group of events to the index. Should PostgreSQL refuse a value, then the group is done
 * again event by event and only the one that holds the value is left out: what will never succeed
 * must not stop the sessions behind it.
 */
final class IndexHandler extends JdbcHandler<List<EventEnvelope<SessionEvent>>, ProjectionSession> {
  private static final Logger log = LoggerFactory.getLogger(IndexHandler.class);

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
    List<IndexChange> changes =
        group.stream().map(IndexChange::of).flatMap(Optional::stream).toList();
    session.withConnection(
        connection -> {
          write(connection, changes);
          return null;
        });
  }

  private void write(Connection connection, List<IndexChange> changes) throws SQLException {
    Savepoint start = connection.setSavepoint();
    try {
      IndexWriter.write(connection, changes, retention);
      connection.releaseSavepoint(start);
    } catch (SQLException e) {
      if (!isRefusedValue(e)) {
        throw e;
      }
      connection.rollback(start);
      if (changes.size() == 1) {
        IndexChange change = changes.get(0);
        // Not the exception itself: its text repeats what the client has stored.
        log.error(
            "{} {} of session {} in environment {} is left out of the index, whose row may be out"
                + " of date from here on: PostgreSQL refuses a value (SQL state {})",
            change.event().getClass().getSimpleName(),
            change.version(),
            change.id().friendlyId(),
            change.id().environmentId(),
            e.getSQLState());
      } else {
        for (IndexChange change : changes) {
          write(connection, List.of(change));
        }
      }
    }
  }

  /** Data exceptions (class 22), violated constraints (23) and exceeded limits of a row (54). */
  private static boolean isRefusedValue(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith("22") || state.startsWith("23") || state.startsWith("54");
  }
}
