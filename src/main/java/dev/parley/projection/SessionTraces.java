package dev.parley.projection;

import dev.parley.journal.ConnectionWork;
import dev.parley.journal.StoredSessionId;
import dev.parley.session.SessionId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import javax.sql.DataSource;

/**
 * What is stored of a session anywhere, counted. The one place that knows them all: whoever keeps
 * something of sessions elsewhere, as analytics will, adds it here and removes it where {@link
 * IndexWriter} handles {@code Purged}.
 */
public final class SessionTraces {
  /** Above every version: counts what is stored of the session, whenever it was written. */
  public static final long ALL = Long.MAX_VALUE;

  // Copies of the event that purged the session hold nothing and do not count. A due time belongs
  // to what came after the purge as soon as something has.
  private static final String SQL =
      """
      select
        (select count(*) from event_journal
         where persistence_id = ? and sequence_number < ? and event_ser_manifest <> 'G'),
        (select count(*) from snapshot where persistence_id = ? and sequence_number < ?),
        (select count(*) from session_index
         where environment_id = ? and friendly_id = ? and version < ?),
        (select count(*) from session_due
         where environment_id = ? and friendly_id = ? and not exists (
           select 1 from event_journal where persistence_id = ? and sequence_number > ?))
      """;

  private final DataSource dataSource;
  private final Executor executor;

  /** Rows that hold something of a session. */
  public record Count(long events, long snapshots, long indexRows, long dueTimes) {
    public long total() {
      return events + snapshots + indexRows + dueTimes;
    }
  }

  /**
   * @param executor runs the blocking queries
   */
  public SessionTraces(DataSource dataSource, Executor executor) {
    this.dataSource = dataSource;
    this.executor = executor;
  }

  /**
   * What was written before a version. Fails with {@link SQLException} when the database does.
   *
   * @param version of the event that purged the session, or {@link #ALL}
   */
  public CompletionStage<Count> count(SessionId session, long version) {
    return ConnectionWork.on(
        executor, dataSource, connection -> count(connection, session, version));
  }

  private static Count count(Connection connection, SessionId session, long version)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(SQL)) {
      String persistenceId = StoredSessionId.of(session);
      select.setString(1, persistenceId);
      select.setLong(2, version);
      select.setString(3, persistenceId);
      select.setLong(4, version);
      select.setString(5, session.environmentId());
      select.setString(6, session.friendlyId());
      select.setLong(7, version);
      select.setString(8, session.environmentId());
      select.setString(9, session.friendlyId());
      select.setString(10, persistenceId);
      select.setLong(11, version);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return new Count(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4));
      }
    }
  }
}
