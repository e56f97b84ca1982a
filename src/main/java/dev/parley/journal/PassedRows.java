package dev.parley.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import javax.sql.DataSource;

/**
 * Removes all that the journal holds of entities that were last written so long ago that they are
 * certainly over. Only kinds of entities for which this is so may be named. The rows are found by
 * the index {@code event_journal_passing}, which holds nothing else.
 */
public final class PassedRows {
  /** Entities that are removed in one transaction. */
  private static final int STEP_ENTITIES = 500;

  static final String REMOVE =
      """
      WITH old AS (
        SELECT DISTINCT past.persistence_id FROM event_journal AS past
        WHERE past.event_ser_id = 8450101
          AND past.event_ser_manifest IN ('B', 'L', 'X', 'H', 'T', 'Z')
          AND split_part(past.persistence_id, '|', 1) = ?
          AND past.write_timestamp < ?
          AND NOT EXISTS (
            SELECT 1 FROM event_journal AS newer
            WHERE newer.persistence_id = past.persistence_id AND newer.write_timestamp >= ?)
        LIMIT ?),
      unshot AS (
        DELETE FROM snapshot USING old WHERE snapshot.persistence_id = old.persistence_id),
      gone AS (
        DELETE FROM event_journal AS stored USING old
        WHERE stored.persistence_id = old.persistence_id)
      SELECT count(*) FROM old
      """;

  private final DataSource dataSource;
  private final Executor executor;
  private final Clock clock;

  /**
   * When entities of a kind are over.
   *
   * @param kind their type name, one of those in the index
   * @param after their newest row was written
   */
  public record Rule(String kind, Duration after) {}

  /**
   * @param executor runs the blocking statements
   * @param clock the one by which the journal dates its rows
   */
  public PassedRows(DataSource dataSource, Executor executor, Clock clock) {
    this.dataSource = dataSource;
    this.executor = executor;
    this.clock = clock;
  }

  /**
   * Removes what is to go now, or a part of it. Fails when the database does.
   *
   * @return whether there may be more
   */
  public CompletionStage<Boolean> remove(List<Rule> rules) {
    return ConnectionWork.on(
        executor,
        dataSource,
        connection -> {
          boolean more = false;
          for (Rule rule : rules) {
            more |= step(connection, rule, clock.instant()) == STEP_ENTITIES;
          }
          return more;
        });
  }

  private static long step(Connection connection, Rule rule, Instant now) throws SQLException {
    long before = now.minus(rule.after()).toEpochMilli();
    try (PreparedStatement remove = connection.prepareStatement(REMOVE)) {
      remove.setString(1, rule.kind());
      remove.setLong(2, before);
      remove.setLong(3, before);
      remove.setInt(4, STEP_ENTITIES);
      try (ResultSet rows = remove.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }
}
