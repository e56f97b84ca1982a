package dev.parley.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the events with a tag through the table of tags. Most events have none, and a query that is
 * left to begin with the events themselves reads all of them since the last tagged one, each time.
 */
final class TaggedEvents {
  // MATERIALIZED: the tags are found first, whatever the planner believes of the tables' sizes.
  private static final String SQL =
      """
      WITH tagged AS MATERIALIZED (
        SELECT event_id FROM event_tag
        WHERE tag = ? AND event_id > ? AND event_id <= ?
        ORDER BY event_id LIMIT ?)
      SELECT ordering, persistence_id, sequence_number, writer, write_timestamp, event_ser_id,
             event_ser_manifest, event_payload
      FROM tagged JOIN event_journal ON ordering = event_id
      WHERE NOT deleted
      ORDER BY ordering
      """;

  /** A row of the journal. */
  @SuppressWarnings("ArrayRecordComponent")
  record Row(
      long ordering,
      String persistenceId,
      long sequenceNumber,
      String writer,
      long writeTimestamp,
      int serializerId,
      String manifest,
      byte[] payload) {}

  private TaggedEvents() {}

  /**
   * @param after the ordering behind which to begin
   * @param to the last ordering to look at
   */
  static List<Row> read(Connection connection, String tag, long after, long to, long limit)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      statement.setString(1, tag);
      statement.setLong(2, after);
      statement.setLong(3, to);
      statement.setLong(4, limit);
      List<Row> found = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(
              new Row(
                  rows.getLong(1),
                  rows.getString(2),
                  rows.getLong(3),
                  rows.getString(4),
                  rows.getLong(5),
                  rows.getInt(6),
                  rows.getString(7),
                  rows.getBytes(8)));
        }
      }
      return found;
    }
  }
}
