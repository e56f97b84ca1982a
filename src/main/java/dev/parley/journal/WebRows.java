package dev.parley.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import javax.sql.DataSource;

/**
 * What the journal holds of hand-offs and webchats, for whoever examines the server: entities can
 * be asked only by their names. Both questions are answered by indexes of these rows alone.
 */
public final class WebRows {
  /** The newest row of a hand-off tells how it is: H is offered, T taken, Z lapsed. */
  static final String HAND_OFFS =
      """
      WITH newest AS (
        SELECT DISTINCT ON (persistence_id) event_ser_manifest AS what, write_timestamp AS at
        FROM event_journal
        WHERE event_ser_id = 8450101 AND event_ser_manifest IN ('B', 'L', 'X', 'H', 'T', 'Z')
          AND split_part(persistence_id, '|', 1) = 'HandOff' AND write_timestamp >= ?
        ORDER BY persistence_id, sequence_number DESC)
      SELECT
        count(*) FILTER (WHERE what = 'H' AND at > ?),
        count(*) FILTER (WHERE what = 'T'),
        count(*) FILTER (WHERE what = 'Z' OR what = 'H' AND at <= ?)
      FROM newest
      """;

  static final String NAMES =
      """
      SELECT DISTINCT substr(persistence_id, length(?) + 1) FROM event_journal
      WHERE event_ser_id = 8450111 AND starts_with(persistence_id, ?)
      ORDER BY 1 LIMIT ?
      """;

  private final DataSource dataSource;
  private final Executor executor;
  private final Clock clock;

  /**
   * How the hand-offs of a span of time are.
   *
   * @param waiting for a worker
   * @param taken by one
   * @param lapsed without one
   */
  public record HandOffs(long waiting, long taken, long lapsed) {}

  /**
   * @param executor runs the blocking statements
   * @param clock the one by which the journal dates its rows
   */
  public WebRows(DataSource dataSource, Executor executor, Clock clock) {
    this.dataSource = dataSource;
    this.executor = executor;
    this.clock = clock;
  }

  /**
   * The hand-offs that something happened to within a span. Fails when the database does.
   *
   * @param wait how long one waits for a worker
   */
  public CompletionStage<HandOffs> handOffs(Duration span, Duration wait) {
    Instant now = clock.instant();
    return ConnectionWork.on(
        executor,
        dataSource,
        connection -> {
          try (PreparedStatement count = connection.prepareStatement(HAND_OFFS)) {
            count.setLong(1, now.minus(span).toEpochMilli());
            count.setLong(2, now.minus(wait).toEpochMilli());
            count.setLong(3, now.minus(wait).toEpochMilli());
            try (ResultSet row = count.executeQuery()) {
              row.next();
              return new HandOffs(row.getLong(1), row.getLong(2), row.getLong(3));
            }
          }
        });
  }

  /**
   * The names of stored entities of webchats, in their order, without what all have in front. Fails
   * when the database does.
   *
   * @param prefix the kind and the environment, such as {@code Webchat|env/}
   * @param limit more are left out
   */
  public CompletionStage<List<String>> names(String prefix, int limit) {
    return ConnectionWork.on(executor, dataSource, connection -> names(connection, prefix, limit));
  }

  private static List<String> names(Connection connection, String prefix, int limit)
      throws SQLException {
    List<String> names = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(NAMES)) {
      select.setString(1, prefix);
      select.setString(2, prefix);
      select.setInt(3, limit);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          names.add(rows.getString(1));
        }
      }
    }
    return names;
  }
}
