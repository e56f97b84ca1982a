package dev.parley.projection.activity;

import dev.parley.journal.JournalFeed;
import dev.parley.journal.JournalFeed.Batch;
import dev.parley.projection.ParkedEvents;
import dev.parley.projection.ProjectionSession;
import dev.parley.session.SessionEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.pekko.projection.jdbc.javadsl.JdbcHandler;
import org.jspecify.annotations.Nullable;

/** Adds a batch of events to the sums of PostgreSQL, and removes sums that are too old. */
final class ActivityHandler extends JdbcHandler<Batch, ProjectionSession> {
  private static final Duration LOOK_FOR_OLD = Duration.ofHours(1);

  private static final List<String> REMOVE_OLD =
      List.of(
          "delete from session_activity where minute < ?",
          "delete from session_turn where ended_at < ?");

  private static final String BEGIN =
      """
      insert into session_activity_position (position, slice) values (?, ?) on conflict do nothing
      """;
  private static final String GO_ON =
      "update session_activity_position set position = ? where slice = ? and position = ?";

  private final String slice;
  private final @Nullable Duration retention;
  private final Clock clock;
  private @Nullable Instant looked;

  /**
   * @param slice the key of its offset
   * @param retention how long sums are kept; null for ever
   */
  ActivityHandler(String slice, @Nullable Duration retention, Clock clock) {
    this.slice = slice;
    this.retention = retention;
    this.clock = clock;
  }

  @Override
  public void process(ProjectionSession session, Batch batch) throws Exception {
    session.withConnection(
        connection -> {
          moveOn(connection, batch);
          write(connection, batch);
          removeOld(connection);
          return null;
        });
  }

  /**
   * Whoever stood still while another took over the slice must not add what has been added already.
   */
  private void moveOn(Connection connection, Batch batch) throws SQLException {
    boolean begins = batch.after() == 0;
    try (PreparedStatement move = connection.prepareStatement(begins ? BEGIN : GO_ON)) {
      move.setLong(1, batch.end());
      move.setString(2, slice);
      if (!begins) {
        move.setLong(3, batch.after());
      }
      if (move.executeUpdate() != 1) {
        throw new IllegalStateException(
            "slice %s of the sums does not stand at %d: another node has gone on"
                .formatted(slice, batch.after()));
      }
    }
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

  /** For the slices of all, which does no harm. */
  private void removeOld(Connection connection) throws SQLException {
    Instant now = clock.instant();
    if (retention == null || (looked != null && looked.plus(LOOK_FOR_OLD).isAfter(now))) {
      return;
    }
    looked = now;
    for (String sql : REMOVE_OLD) {
      try (PreparedStatement delete = connection.prepareStatement(sql)) {
        delete.setLong(1, now.minus(retention).toEpochMilli());
        delete.executeUpdate();
      }
    }
  }
}
