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
 * something of sessions elsewhere adds it here and removes it when a projection comes to {@code
 * Purged}.
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
           select 1 from event_journal where persistence_id = ? and sequence_number > ?)),
        (select count(*) from session_turn
         where friendly_id = ? and environment_id = ? and version < ?)
        + (select count(*) from session_activity
           where friendly_id = ? and environment_id = ? and not exists (
             select 1 from event_journal where persistence_id = ? and sequence_number > ?)),
        (select count(*) from stored_file
         where environment_id = ? and friendly_id = ? and generation < ?)
      """;

  /** Another store than PostgreSQL. */
  public interface Elsewhere {
    /** How many rows there hold something of the session that was written before the version. */
    CompletionStage<Long> count(SessionId session, long version);
  }

  private final DataSource dataSource;
  private final Executor executor;
  private final Elsewhere elsewhere;

  /**
   * Rows that hold something of a session.
   *
   * @param figures what is counted of it, in PostgreSQL and elsewhere
   * @param files that were uploaded to it
   */
  public record Count(
      long events, long snapshots, long indexRows, long dueTimes, long figures, long files) {
    public long total() {
      return events + snapshots + indexRows + dueTimes + figures + files;
    }

    private Count and(long more) {
      return new Count(events, snapshots, indexRows, dueTimes, figures + more, files);
    }
  }

  /**
   * @param executor runs the blocking queries
   */
  public SessionTraces(DataSource dataSource, Executor executor, Elsewhere elsewhere) {
    this.dataSource = dataSource;
    this.executor = executor;
    this.elsewhere = elsewhere;
  }

  /**
   * What was written before a version. Fails with {@link SQLException} when the database does.
   *
   * @param version of the event that purged the session, or {@link #ALL}
   */
  public CompletionStage<Count> count(SessionId session, long version) {
    return ConnectionWork.on(
            executor, dataSource, connection -> count(connection, session, version))
        .thenCombine(elsewhere.count(session, version), Count::and);
  }

  private static Count count(Connection connection, SessionId session, long version)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(SQL)) {
      String persistenceId = StoredSessionId.of(session);
      String environment = session.environmentId();
      String id = session.friendlyId();
      Object[] values = {
        persistenceId, version, persistenceId, version, environment, id, version, environment, id,
        persistenceId, version, id, environment, version, id, environment, persistenceId, version,
        environment, id, version
      };
      for (int i = 0; i < values.length; i++) {
        select.setObject(i + 1, values[i]);
      }
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return new Count(
            row.getLong(1),
            row.getLong(2),
            row.getLong(3),
            row.getLong(4),
            row.getLong(5),
            row.getLong(6));
      }
    }
  }
}
