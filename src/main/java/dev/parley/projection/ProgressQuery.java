package dev.parley.projection;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Reads how far a projection is from what all nodes see: its offsets and the journal. */
final class ProgressQuery {
  // Everything the projection has passed by was committed before its offset, so what was read last
  // is never behind what was read first.
  private static final String SLICES =
      """
      with slices as materialized (
        select key, place, coalesce(current_offset::bigint, 0) as seen,
          coalesce(paused, false) as paused
        from unnest(?::text[]) with ordinality as wanted (key, place)
        left join pekko_projection_offset_store as stored
          on stored.projection_name = ? and stored.projection_key = key
        left join pekko_projection_management as managed
          on managed.projection_name = ? and managed.projection_key = key)
      select key, seen, paused, since
      from slices left join lateral (%s) as waiting on true
      order by place
      """;

  private static final String NEWEST = "select coalesce(max(ordering), 0) from event_journal";

  private ProgressQuery() {}

  /**
   * @param now by the clocks of those who write the journal
   */
  static ProjectionStatus read(Connection connection, ProjectionDefinition projection, Instant now)
      throws SQLException {
    List<ProjectionStatus.Slice> slices = new ArrayList<>();
    boolean paused = false;
    long smallest = Long.MAX_VALUE;
    Duration lag = Duration.ZERO;
    try (PreparedStatement select =
        connection.prepareStatement(SLICES.formatted(projection.waiting()))) {
      select.setArray(1, connection.createArrayOf("text", projection.keys().toArray()));
      select.setString(2, projection.name());
      select.setString(3, projection.name());
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          long seen = row.getLong(2);
          slices.add(new ProjectionStatus.Slice(row.getString(1), seen));
          paused |= row.getBoolean(3);
          long since = row.getLong(4);
          if (!row.wasNull()) {
            smallest = Math.min(smallest, seen);
            Duration waiting = Duration.between(Instant.ofEpochMilli(since), now);
            lag = waiting.compareTo(lag) > 0 ? waiting : lag;
          }
        }
      }
    }
    long behind = smallest == Long.MAX_VALUE ? 0 : newest(connection) - smallest;
    long parked = ParkedEvents.count(connection, projection.name());
    return new ProjectionStatus(projection.name(), paused, behind, lag, parked, slices);
  }

  private static long newest(Connection connection) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(NEWEST);
        ResultSet row = select.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }
}
