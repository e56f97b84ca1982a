package dev.parley.projection.activity;

import dev.parley.journal.JournalFeed;
import dev.parley.journal.JournalFeed.Batch;
import dev.parley.projection.ParkedEvents;
import dev.parley.projection.ProjectionSession;
import dev.parley.session.SessionEvent;
import java.sql.Connection;
import java.sql.SQLException;
import org.apache.pekko.projection.jdbc.javadsl.JdbcHandler;

/** Adds a batch of events to the sums of PostgreSQL. */
final class ActivityHandler extends JdbcHandler<Batch, ProjectionSession> {
  @Override
  public void process(ProjectionSession session, Batch batch) throws Exception {
    session.withConnection(
        connection -> {
          write(connection, batch);
          return null;
        });
  }

  private static void write(Connection connection, Batch batch) throws SQLException {
    ActivitySums sums = new ActivitySums();
    for (JournalFeed.Row row : batch.rows()) {
      try {
        if (row.isPurge()) {
          sums.purge((SessionEvent.Purged) row.event(), row);
        } else {
          ActivityEvent.of(row).forEach(sums::add);
        }
      } catch (IllegalArgumentException e) {
        // However often it is read, it stays what it is.
        ParkedEvents.park(connection, ActivityProjection.NAME, row, e);
      }
    }
    sums.write(connection);
  }
}
