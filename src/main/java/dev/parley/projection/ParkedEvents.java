package dev.parley.projection;

import dev.parley.journal.JournalFeed;
import dev.parley.journal.StoredSessionId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events that a projection can't apply: they are noted in the table {@code projection_parked}, told
 * in the log and counted in the health report, and no longer stop those behind them.
 */
public final class ParkedEvents {
  private static final Logger log = LoggerFactory.getLogger(ParkedEvents.class);

  private static final String PARK =
      """
      insert into projection_parked
        (projection, ordering, persistence_id, sequence_number, reason, parked_at)
      values (?, ?, ?, ?, ?, (extract(epoch from clock_timestamp()) * 1000)::bigint)
      on conflict (projection, ordering) do nothing
      """;

  private static final String COUNT = "select count(*) from projection_parked where projection = ?";

  private static final int MAX_REASON = 500;

  private ParkedEvents() {}

  /** Notes an event within the transaction of the connection. */
  public static void park(
      Connection connection, String projection, JournalFeed.Row row, Throwable reason)
      throws SQLException {
    park(
        connection,
        projection,
        row.ordering(),
        StoredSessionId.of(row.session()),
        row.version(),
        reason);
  }

  static void park(
      Connection connection,
      String projection,
      long ordering,
      String persistenceId,
      long version,
      Throwable reason)
      throws SQLException {
    String text = reason.getClass().getSimpleName() + ": " + reason.getMessage();
    try (PreparedStatement park = connection.prepareStatement(PARK)) {
      park.setString(1, projection);
      park.setLong(2, ordering);
      park.setString(3, persistenceId);
      park.setLong(4, version);
      park.setString(5, text.substring(0, Math.min(MAX_REASON, text.length())).replace('\0', ' '));
      park.executeUpdate();
    }
    // Without the reason's text: it may repeat what a client has stored.
    log.error(
        "Projection {} passes by event {} of {} (number {} of the journal), which it can't apply;"
            + " see the table projection_parked",
        projection,
        version,
        persistenceId,
        ordering);
  }

  /** How many events of a projection are parked. */
  static long count(Connection connection, String projection) throws SQLException {
    try (PreparedStatement count = connection.prepareStatement(COUNT)) {
      count.setString(1, projection);
      try (ResultSet row = count.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }
}
