package dev.parley.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * The table {@code cluster_member}: which nodes have lately given a sign of life, and which have
 * been given up by the others. Times are those of the database, so that the clocks of the nodes do
 * not matter.
 */
public final class ClusterMembers {
  /** Held while it is decided who is a member; any number that nobody else uses. */
  private static final long MEMBERSHIP_LOCK = 0x7061726c65790002L;

  /** Rows of nodes that will not come back. */
  private static final Duration FORGET_AFTER = Duration.ofDays(30);

  /** How long PostgreSQL may take to end the connections of a node. */
  private static final Duration TERMINATION = Duration.ofSeconds(5);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  private static final String ENTER =
      """
      INSERT INTO cluster_member (incarnation, address, uid, seen_at)
      VALUES (?, ?, ?, clock_timestamp())
      ON CONFLICT (incarnation) DO NOTHING
      """;

  private static final String FORGET =
      "DELETE FROM cluster_member WHERE seen_at < clock_timestamp() - ? * interval '1 millisecond'";

  /** A row that is being marked as removed is waited for and looked at again. */
  private static final String SEEN =
      """
      UPDATE cluster_member
      SET seen_at = clock_timestamp(), joined_at = coalesce(joined_at, clock_timestamp())
      WHERE incarnation = ? AND removed_at IS NULL
      """;

  private static final String OTHERS =
      """
      SELECT address, max(seen_at) AS seen_at FROM cluster_member
      WHERE address <> ? AND joined_at IS NOT NULL AND removed_at IS NULL
        AND seen_at > clock_timestamp() - ? * interval '1 millisecond'
      GROUP BY address ORDER BY seen_at DESC
      """;

  private static final String REMOVE =
      """
      UPDATE cluster_member SET removed_at = coalesce(removed_at, clock_timestamp())
      WHERE address = ? AND uid = ?
      RETURNING incarnation
      """;

  private static final String REMOVE_BEFORE =
      """
      UPDATE cluster_member SET removed_at = clock_timestamp()
      WHERE address = ? AND incarnation <> ? AND removed_at IS NULL
      RETURNING incarnation
      """;

  private static final String TERMINATE =
      "SELECT pg_terminate_backend(pid, ?) FROM pg_stat_activity WHERE application_name = ?";

  private static final String SINCE_SEEN =
      """
      SELECT extract(epoch FROM clock_timestamp() - max(seen_at)) * 1000 FROM cluster_member
      WHERE incarnation = ANY (?)
      """;

  private static final String GONE = "DELETE FROM cluster_member WHERE incarnation = ?";

  /**
   * A start of a node as the cluster knows it.
   *
   * @param address host and port
   * @param uid tells the starts of a node apart
   */
  public record Node(String address, long uid) {}

  private final DataSource dataSource;
  private final Incarnation incarnation;
  private final Node self;

  /**
   * @param incarnation of this node
   */
  public ClusterMembers(DataSource dataSource, Incarnation incarnation, Node self) {
    this.dataSource = dataSource;
    this.incarnation = incarnation;
    this.self = self;
  }

  /**
   * Registers this node before it is a member, so that it can be removed from then on, and removes
   * those who had its address before.
   *
   * @param tenure as in {@link #remove(Collection, Duration)}
   */
  public void enter(Duration tenure) throws SQLException, InterruptedException {
    List<Incarnation> before = new ArrayList<>();
    alone(
        connection -> {
          forgetOld(connection);
          before.addAll(removed(connection, REMOVE_BEFORE, self.address(), incarnation.id()));
          try (PreparedStatement enter = connection.prepareStatement(ENTER)) {
            enter.setObject(1, incarnation.id());
            enter.setString(2, self.address());
            enter.setLong(3, self.uid());
            enter.executeUpdate();
          }
          return true;
        });
    awaitEnd(before, tenure);
  }

  private static void forgetOld(Connection connection) throws SQLException {
    try (PreparedStatement forget = connection.prepareStatement(FORGET)) {
      forget.setLong(1, FORGET_AFTER.toMillis());
      forget.executeUpdate();
    }
  }

  /**
   * Gives a sign of life as a member.
   *
   * @return false when the others have removed this node: it may not serve any more
   */
  public boolean seen() throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      return seen(connection);
    }
  }

  private boolean seen(Connection connection) throws SQLException {
    try (PreparedStatement seen = connection.prepareStatement(SEEN)) {
      seen.setObject(1, incarnation.id());
      return seen.executeUpdate() > 0;
    }
  }

  /** This node is none any more. */
  public void gone() throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement gone = connection.prepareStatement(GONE)) {
      gone.setObject(1, incarnation.id());
      gone.executeUpdate();
    }
  }

  /** The other members that were seen within this time, the last ones first. */
  public List<String> others(Duration within) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      return others(connection, within);
    }
  }

  private List<String> others(Connection connection, Duration within) throws SQLException {
    List<String> others = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(OTHERS)) {
      select.setString(1, self.address());
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
   * Claims the right to form the cluster: only if no other member was seen within this time, and of
   * nodes that claim it at the same time only one gets it.
   */
  public boolean claim(Duration within) throws SQLException {
    return alone(connection -> others(connection, within).isEmpty() && seen(connection));
  }

  /**
   * Takes from these nodes the right to write, so that their sessions can be taken over. Returns
   * when none of their transactions is under way any more and none of them can still believe that
   * it is a member.
   *
   * @param tenure how long a node believes that without a sign of life that was answered
   * @return false when others have removed this node before: it is not for it to take over anything
   */
  public boolean remove(Collection<Node> nodes, Duration tenure)
      throws SQLException, InterruptedException {
    List<Incarnation> removed = new ArrayList<>();
    boolean allowed =
        alone(
            connection -> {
              if (!seen(connection)) {
                return false;
              }
              for (Node node : nodes) {
                removed.addAll(removed(connection, REMOVE, node.address(), node.uid()));
              }
              return true;
            });
    awaitEnd(removed, tenure);
    return allowed;
  }

  private static List<Incarnation> removed(Connection connection, String update, Object... values)
      throws SQLException {
    List<Incarnation> removed = new ArrayList<>();
    try (PreparedStatement remove = connection.prepareStatement(update)) {
      for (int i = 0; i < values.length; i++) {
        remove.setObject(i + 1, values[i]);
      }
      try (ResultSet rows = remove.executeQuery()) {
        while (rows.next()) {
          removed.add(new Incarnation(rows.getObject(1, UUID.class)));
        }
      }
    }
    return removed;
  }

  private void awaitEnd(Collection<Incarnation> removed, Duration tenure)
      throws SQLException, InterruptedException {
    if (!removed.isEmpty()) {
      try (Connection connection = dataSource.getConnection()) {
        for (Incarnation node : removed) {
          terminate(connection, node);
        }
        awaitEndOfTenure(connection, removed, tenure);
      }
    }
  }

  /** One that had just ended by itself is reported as not ended, so those left are looked at. */
  private static void terminate(Connection connection, Incarnation node)
      throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + TERMINATION.toNanos();
    while (!allEnd(connection, node)) {
      if (System.nanoTime() > deadline) {
        throw new SQLException("A connection of a node that was removed does not end");
      }
      Thread.sleep(LOOK_AGAIN.toMillis());
    }
  }

  private static boolean allEnd(Connection connection, Incarnation node) throws SQLException {
    boolean all = true;
    try (PreparedStatement terminate = connection.prepareStatement(TERMINATE)) {
      terminate.setLong(1, TERMINATION.toMillis());
      terminate.setString(2, node.applicationName());
      try (ResultSet ended = terminate.executeQuery()) {
        while (ended.next()) {
          all &= ended.getBoolean(1);
        }
      }
    }
    return all;
  }

  /** A node that is still alive may have been told so a moment before it was removed. */
  private static void awaitEndOfTenure(
      Connection connection, Collection<Incarnation> removed, Duration tenure)
      throws SQLException, InterruptedException {
    try (PreparedStatement select = connection.prepareStatement(SINCE_SEEN)) {
      select.setArray(
          1, connection.createArrayOf("uuid", removed.stream().map(Incarnation::id).toArray()));
      try (ResultSet row = select.executeQuery()) {
        row.next();
        long since = row.getLong(1);
        if (!row.wasNull() && since < tenure.toMillis()) {
          Thread.sleep(tenure.toMillis() - since);
        }
      }
    }
  }

  private interface Step {
    boolean run(Connection connection) throws SQLException;
  }

  /** Runs a step in a transaction that no other of its kind runs beside. */
  private boolean alone(Step step) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try (Statement lock = connection.createStatement()) {
        lock.execute("SELECT pg_advisory_xact_lock(" + MEMBERSHIP_LOCK + ")");
        boolean result = step.run(connection);
        connection.commit();
        return result;
      } finally {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    }
  }
}
