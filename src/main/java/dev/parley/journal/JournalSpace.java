package dev.parley.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives back what nobody will read again, in the background. What is not deleted because the
 * process or the database went away is deleted the next time.
 */
public final class JournalSpace {
  private static final Logger log = LoggerFactory.getLogger(JournalSpace.class);

  private final DataSource dataSource;
  private final Executor executor;

  /**
   * @param executor runs the blocking statements
   */
  public JournalSpace(DataSource dataSource, Executor executor) {
    this.dataSource = dataSource;
    this.executor = executor;
  }

  /** Deletes the snapshots of a session that a newer one has made useless. */
  public void dropSnapshotsBefore(String persistenceId, long sequenceNumber) {
    executor.execute(
        () -> {
          try (Connection connection = dataSource.getConnection();
              PreparedStatement delete =
                  connection.prepareStatement(
                      "DELETE FROM snapshot WHERE persistence_id = ? AND sequence_number < ?")) {
            delete.setString(1, persistenceId);
            delete.setLong(2, sequenceNumber);
            delete.executeUpdate();
          } catch (SQLException e) {
            log.debug("Old snapshots of {} are kept for now", persistenceId, e);
          }
        });
  }
}
