package dev.parley.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * The table {@code cluster_member}: which nodes have lately given a sign of life. Times are those
 * of the database, so that the clocks of the nodes do not matter.
 */
public final class ClusterMembers {
  /** Held while it is decided who forms the cluster; any number that nobody else uses. */
  private static final long FORMATION_LOCK = 0x7061726c65790002L;

  private static final String SEEN =
      """
      INSERT INTO cluster_member (address, seen_at) VALUES (?, clock_timestamp())
      ON CONFLICT (address) DO UPDATE SET seen_at = clock_timestamp()
      """;

  private static final String OTHERS =
      """
      SELECT address FROM cluster_member
      WHERE address <> ? AND seen_at > clock_timestamp() - ? * interval '1 millisecond'
      ORDER BY seen_at DESC
      """;

  private static final String GONE = "DELETE FROM cluster_member WHERE address = ?";

  private final DataSource dataSource;
  private final String self;

  /**
   * @param self the address of this node, host and port
   */
  public ClusterMembers(DataSource dataSource, String self) {
    this.dataSource = dataSource;
    this.self = self;
  }

  /** Gives a sign of life. */
  public void seen() throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      seen(connection);
    }
  }

  private void seen(Connection connection) throws SQLException {
    try (PreparedStatement seen = connection.prepareStatement(SEEN)) {
      seen.setString(1, self);
      seen.executeUpdate();
    }
  }

  /** This node is none any more. */
  public void gone() throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement gone = connection.prepareStatement(GONE)) {
      gone.setString(1, self);
      gone.executeUpdate();
    }
  }

  /** The other nodes that were seen within this time, the last ones first. */
  public List<String> others(Duration within) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      return others(connection, within);
    }
  }

  private List<String> others(Connection connection, Duration within) throws SQLException {
    List<String> others = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(OTHERS)) {
      select.setString(1, self);
      select.setLong(2, within.toMillis());
      try (ResultSet found = select.executeQuery()) {
        while (found.next()) {
          others.add(found.getString(1));
        }
      }
    }
    return others;
  }

  /**
   * Claims the right to form the cluster: only if no other node was seen within this time, and of
   * nodes that claim it at the same time only one gets it.
   */
  public boolean claim(Duration within) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try (Statement lock = connection.createStatement()) {
        lock.execute("SELECT pg_advisory_xact_lock(" + FORMATION_LOCK + ")");
        boolean alone = others(connection, within).isEmpty();
        if (alone) {
          seen(connection);
        }
        connection.commit();
        return alone;
      } finally {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    }
  }
}
