package dev.parley.projection;

import java.sql.Connection;
import java.sql.SQLException;

/** Figures out of the tables {@code session_activity} and {@code session_turn} of PostgreSQL. */
final class ActivityStats {
  private ActivityStats() {}

  static Stats of(Connection connection, StatsQuery query) throws SQLException {
    throw new UnsupportedOperationException();
  }
}
