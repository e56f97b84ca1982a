package dev.parley.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes events and their tags by one statement, which is its own transaction: one round trip for
 * any number of rows, and no moment at which the connection holds a transaction and does nothing.
 */
final class JournalBatch {
  // The order of the rows is kept: the numbers of one session's events must rise as they follow
  // each other.
  private static final String EVENTS =
      """
      INSERT INTO event_journal (persistence_id, sequence_number, writer, write_timestamp,
        adapter_manifest, event_ser_id, event_ser_manifest, event_payload, summary)
      SELECT persistence_id, sequence_number, writer, write_timestamp,
        '', event_ser_id, event_ser_manifest, event_payload, summary
      FROM unnest(?::text[], ?::bigint[], ?::text[], ?::bigint[], ?::int[], ?::text[], ?::bytea[],
          ?::bytea[])
        WITH ORDINALITY AS event (persistence_id, sequence_number, writer, write_timestamp,
          event_ser_id, event_ser_manifest, event_payload, summary, place)
      ORDER BY place
      """;

  // The n-th of the numbers that were given, from the lowest up, belongs to the n-th row.
  private static final String TAGGED_EVENTS =
      "WITH written AS ("
          + EVENTS
          + """
            RETURNING ordering),
          given AS (SELECT array_agg(ordering ORDER BY ordering) AS numbers FROM written)
          INSERT INTO event_tag (event_id, tag)
          SELECT given.numbers[tagged.place], tagged.tag
          FROM given, unnest(?::int[], ?::text[]) AS tagged (place, tag)
          """;

  /**
   * An event as it is stored.
   *
   * @param summary of an event of records; null for others
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Row(
      String persistenceId,
      long sequenceNumber,
      String writer,
      long writeTimestamp,
      int serializerId,
      String manifest,
      byte[] payload,
      byte @Nullable [] summary,
      Set<String> tags) {}

  private JournalBatch() {}

  /**
   * Writes all rows or, when it fails, none.
   *
   * @param connection commits by itself
   * @param rows those of one session in the order of their sequence numbers
   */
  static void write(Connection connection, List<Row> rows) throws SQLException {
    List<Integer> places = new ArrayList<>();
    List<String> tags = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      for (String tag : rows.get(i).tags()) {
        places.add(i + 1);
        tags.add(tag);
      }
    }
    String sql = tags.isEmpty() ? EVENTS : TAGGED_EVENTS;
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      array(insert, 1, "text", rows, Row::persistenceId);
      array(insert, 2, "int8", rows, Row::sequenceNumber);
      array(insert, 3, "text", rows, Row::writer);
      array(insert, 4, "int8", rows, Row::writeTimestamp);
      array(insert, 5, "int4", rows, Row::serializerId);
      array(insert, 6, "text", rows, Row::manifest);
      bytes(insert, 7, rows, Row::payload);
      bytes(insert, 8, rows, Row::summary);
      if (!tags.isEmpty()) {
        array(insert, 9, "int4", places, place -> place);
        array(insert, 10, "text", tags, tag -> tag);
      }
      insert.executeUpdate();
    }
  }

  private static void bytes(
      PreparedStatement insert, int index, List<Row> rows, Function<Row, byte @Nullable []> value)
      throws SQLException {
    byte[][] values = rows.stream().map(value).toArray(byte[][]::new);
    insert.setArray(index, insert.getConnection().createArrayOf("bytea", values));
  }

  private static <T> void array(
      PreparedStatement insert, int index, String type, List<T> rows, Function<T, Object> value)
      throws SQLException {
    Object[] values = rows.stream().map(value).toArray();
    insert.setArray(index, insert.getConnection().createArrayOf(type, values));
  }
}
