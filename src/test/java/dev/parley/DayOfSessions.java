package dev.parley;

import dev.parley.journal.DatabaseAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;

/**
 * Sessions of the last day in the tables of lists and figures, and nowhere else: of several types,
 * more at noon than at its ends, with messages and turns. What a session is like follows from its
 * number.
 */
final class DayOfSessions {
  private static final long DAY_MILLIS = 86_400_000;

  /** A number from 0 to 65535; the salt makes another one of it. */
  private static final String HASH = "('x' || substr(md5('%s' || %s), 1, 4))::bit(16)::int";

  /** The sum of two numbers has a hump in the middle, as a day has. */
  private static final String SESSIONS =
      """
      insert into session_index (environment_id, friendly_id, type, task_identifier, trigger_config,
        tags, current_run_id, created_at, updated_at, version)
      select 'env_default', 'session_' || md5(n::text),
        (array['chat', 'chat', 'messaging', 'voice'])[1 + %1$s %% 4],
        (array['support', 'support', 'sales', 'triage'])[1 + %2$s %% 4],
        '{}', array[(array['web', 'mobile', 'phone'])[1 + %3$s %% 3]], 'run_' || n,
        at, at, 1
      from (
        select n, %4$d + (%5$s + %6$s)::bigint * 659 as at from generate_series(1, %7$d) as n
      ) as dated
      """;

  private static final String ACTIVITY =
      """
      insert into session_activity
      select environment_id, friendly_id, created_at - created_at %% 60000, 1, 0, 0,
        2 + %1$s %% 5, 2 + %1$s %% 5, 600 + %1$s, 3, 900 + %1$s / 8
      from session_index
      """;

  private static final String TURNS =
      """
      insert into session_turn
      select environment_id, friendly_id, 3, created_at, 200 + %s / 40
      from session_index where type = 'messaging'
      """;

  private DayOfSessions() {}

  /** Stores so many sessions where there are none. */
  static void fill(DatabaseAddress address, int count) throws SQLException {
    long begin = Instant.now().toEpochMilli() - DAY_MILLIS;
    try (Connection connection =
            DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
        Statement statement = connection.createStatement()) {
      statement.execute(
          SESSIONS.formatted(
              hash("type", "n"),
              hash("task", "n"),
              hash("tag", "n"),
              begin,
              hash("hour", "n"),
              hash("minute", "n"),
              count));
      statement.execute(ACTIVITY.formatted(hash("messages", "friendly_id")));
      statement.execute(TURNS.formatted(hash("turns", "friendly_id")));
      statement.execute("vacuum analyze");
    }
  }

  private static String hash(String salt, String of) {
    return HASH.formatted(salt, of);
  }
}
