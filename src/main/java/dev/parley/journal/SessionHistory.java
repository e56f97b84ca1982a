package dev.parley.journal;

import dev.parley.session.SessionEvent;
import dev.parley.session.SessionId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What has happened to one session, straight from the journal and without its records, the newest
 * first. The key of the journal leads to a page at any depth, and no record is read for it.
 */
public final class SessionHistory {
  // Events of records are told by their summary, so a page costs the same however large they are.
  private static final String SQL =
      """
      SELECT sequence_number, write_timestamp, event_ser_manifest,
        CASE WHEN event_ser_manifest <> 'A' THEN event_payload END, summary
      FROM event_journal
      WHERE persistence_id = ? AND sequence_number > ? AND sequence_number < ? AND NOT deleted
      ORDER BY sequence_number DESC
      LIMIT ?
      """;

  private final DataSource dataSource;
  private final Executor executor;

  /**
   * @param executor runs the blocking queries
   */
  public SessionHistory(DataSource dataSource, Executor executor) {
    this.dataSource = dataSource;
    this.executor = executor;
  }

  /**
   * One event.
   *
   * @param version its sequence number in the session
   * @param writtenAt by the clock of the machine that wrote it
   * @param event null for one of records
   * @param streams what one of records has brought; nothing when it was written before summaries
   *     were
   */
  public record Row(
      long version, Instant writtenAt, @Nullable SessionEvent event, List<StreamSummary> streams) {
    public Row {
      streams = List.copyOf(streams);
    }
  }

  /**
   * Reads on the executor. Fails with {@link SQLException} when the database does.
   *
   * @param after only events behind this version, that of the last purge
   * @param before only events before this version; {@link Long#MAX_VALUE} for all
   * @param limit events at most
   */
  public CompletionStage<List<Row>> read(SessionId session, long after, long before, int limit) {
    return ConnectionWork.on(
        executor, dataSource, connection -> read(connection, session, after, before, limit));
  }

  private static List<Row> read(
      Connection connection, SessionId session, long after, long before, int limit)
      throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(SQL)) {
      select.setString(1, StoredSessionId.of(session));
      select.setLong(2, after);
      select.setLong(3, before);
      select.setInt(4, limit);
      try (ResultSet found = select.executeQuery()) {
        while (found.next()) {
          rows.add(row(found));
        }
      }
    }
    return rows;
  }

  private static Row row(ResultSet found) throws SQLException {
    byte[] payload = found.getBytes(4);
    byte[] summary = found.getBytes(5);
    return new Row(
        found.getLong(1),
        Instant.ofEpochMilli(found.getLong(2)),
        payload == null ? null : EventCodec.decode(found.getString(3), payload),
        summary == null ? List.of() : StreamSummary.read(summary));
  }
}
