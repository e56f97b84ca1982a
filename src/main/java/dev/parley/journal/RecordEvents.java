package dev.parley.journal;

import dev.parley.session.SessionEvent;
import dev.parley.session.StreamAppend;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * Selects the events of a session that hold records. Those emptied after a trim are passed by in
 * the database, however many there are in a row; to know the size of a payload does not read it.
 */
final class RecordEvents implements AutoCloseable {
  private static final String SQL =
      """
      SELECT sequence_number, event_payload
      FROM event_journal
      WHERE persistence_id = ? AND sequence_number BETWEEN ? AND ? AND event_ser_manifest = 'A'
        AND octet_length(event_payload) > ?
      ORDER BY sequence_number
      LIMIT ?
      """;

  private final PreparedStatement statement;

  RecordEvents(Connection connection) throws SQLException {
    statement = connection.prepareStatement(SQL);
  }

  /**
   * The next of them in order: their numbers and payloads.
   *
   * @param fromVersion of the first event to look at
   * @param toVersion of the last one
   * @param limit how many at most
   */
  ResultSet select(String persistenceId, long fromVersion, long toVersion, int limit)
      throws SQLException {
    statement.setString(1, persistenceId);
    statement.setLong(2, fromVersion);
    statement.setLong(3, toVersion);
    statement.setInt(4, TrimmedPayload.EMPTIED_SIZE);
    statement.setInt(5, limit);
    return statement.executeQuery();
  }

  /** What such a payload holds. */
  static List<StreamAppend> appends(byte[] payload) {
    SessionEvent event = EventCodec.decode(EventCodec.RECORDS_APPENDED, payload);
    return ((SessionEvent.RecordsAppended) event).appends();
  }

  @Override
  public void close() throws SQLException {
    statement.close();
  }
}
