package dev.parley.projection.clickhouse;

import dev.parley.journal.JournalFeed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** How far the tables of ClickHouse have followed the journal. */
final class ClickHousePosition {
  private static final String SQL =
      """
      select projection_key::int, current_offset::bigint from pekko_projection_offset_store
      where projection_name = ?
      """;

  private ClickHousePosition() {}

  /** The number of the journal up to which each slice is there. */
  static long[] read(Connection connection) throws SQLException {
    long[] seen = new long[JournalFeed.SLICES];
    try (PreparedStatement select = connection.prepareStatement(SQL)) {
      select.setString(1, ClickHouseProjection.NAME);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          seen[row.getInt(1)] = row.getLong(2);
        }
      }
    }
    return seen;
  }
}
