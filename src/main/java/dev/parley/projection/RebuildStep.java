package dev.parley.projection;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Takes a paused projection back to the beginning of the journal, in one transaction.
 *
 * <p>No event is counted twice and none is lost. A slice is noted as paused behind its last commit,
 * and looks at that note before it takes its offset and begins. The notes are locked here and all
 * of them say paused, so no slice runs now; one that is resumed meanwhile waits for the lock, and
 * finds the tables and the offset either both as they were, or both at the beginning.
 */
final class RebuildStep {
  private static final String LOCK_PAUSED =
      """
      select projection_key from pekko_projection_management
      where projection_name = ? and paused and projection_key = any (?) for update
      """;

  /** Whoever reads a table that is to be emptied, and whoever comes behind it, waits no longer. */
  private static final String LIMIT = "set local lock_timeout = '5s'";

  private static final String FORGET_OFFSETS =
      "delete from pekko_projection_offset_store where projection_name = ?";

  /** What still can't be applied is parked again. */
  private static final String FORGET_PARKED = "delete from projection_parked where projection = ?";

  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private RebuildStep() {}

  /**
   * @throws RebuildRefused when the projection was resumed, or its tables are being read for long
   */
  static void run(Connection connection, ProjectionDefinition projection) throws SQLException {
    connection.setAutoCommit(false);
    try {
      forget(connection, projection);
      connection.commit();
    } catch (SQLException e) {
      if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
        throw new RebuildRefused(
            "Projection "
                + projection.name()
                + " can't be rebuilt while its tables are in use for more than 5 s, try again");
      }
      throw e;
    } finally {
      // Nothing is left to roll back behind a commit.
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  private static void forget(Connection connection, ProjectionDefinition projection)
      throws SQLException {
    requirePaused(connection, projection);
    try (Statement statement = connection.createStatement()) {
      statement.execute(LIMIT);
      for (String sql : projection.beforeRebuild()) {
        statement.execute(sql);
      }
    }
    for (String sql : new String[] {FORGET_OFFSETS, FORGET_PARKED}) {
      try (PreparedStatement delete = connection.prepareStatement(sql)) {
        delete.setString(1, projection.name());
        delete.executeUpdate();
      }
    }
  }

  private static void requirePaused(Connection connection, ProjectionDefinition projection)
      throws SQLException {
    int paused = 0;
    try (PreparedStatement lock = connection.prepareStatement(LOCK_PAUSED)) {
      lock.setString(1, projection.name());
      lock.setArray(2, connection.createArrayOf("text", projection.keys().toArray()));
      try (ResultSet found = lock.executeQuery()) {
        while (found.next()) {
          paused++;
        }
      }
    }
    if (paused < projection.keys().size()) {
      throw new RebuildRefused(
          "Projection "
              + projection.name()
              + " was resumed by somebody else while it was to be rebuilt, try again");
    }
  }
}
