package dev.parley.projection;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that sessions which ended under another retention are looked at in time under this
 * one: those that were to stay for ever, or for longer, and those of servers that purged nothing.
 */
public final class EndedSessions {
  private static final Logger log = LoggerFactory.getLogger(EndedSessions.class);

  /** Any worker will do for an entry, so the slice need not be the one that Java would choose. */
  private static final String SQL =
      """
      insert into session_due (environment_id, friendly_id, slice, due_at, version)
      select ended.environment_id, ended.friendly_id, hashtext(ended.friendly_id) & 3, due, 1
      from (
        select environment_id, friendly_id,
          coalesce(closed_at, greatest(expired_at, updated_at)) + ? as due
        from session_index where closed_at is not null or expired_at is not null) as ended
      where not exists (
        select 1 from session_due as known
        where known.environment_id = ended.environment_id
          and known.friendly_id = ended.friendly_id and known.due_at <= due)
      on conflict (environment_id, friendly_id) do update
      set due_at = least(session_due.due_at, excluded.due_at), version = session_due.version + 1
      """;

  private EndedSessions() {}

  /** Returns at once. What fails is made up for by the next start. */
  public static void schedule(DataSource dataSource, Executor executor, Duration retention) {
    executor.execute(
        () -> {
          try (Connection connection = dataSource.getConnection();
              PreparedStatement insert = connection.prepareStatement(SQL)) {
            insert.setLong(1, retention.toMillis());
            int count = insert.executeUpdate();
            if (count > 0) {
              log.info("{} ended sessions are to be purged at the end of their retention", count);
            }
          } catch (SQLException e) {
            log.warn("Sessions that ended earlier may be kept until the next start", e);
          }
        });
  }
}
