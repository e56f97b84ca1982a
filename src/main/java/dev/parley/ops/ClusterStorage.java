package dev.parley.ops;

import dev.parley.journal.ClusterMembers;
import dev.parley.journal.Incarnation;
import javax.sql.DataSource;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.setup.Setup;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.UniqueAddress;

/**
 * What an actor system is given at its start, so that its parts that Pekko makes by itself find the
 * database.
 */
public final class ClusterStorage extends Setup {
  private final DataSource dataSource;
  private final Incarnation incarnation;

  /**
   * @param dataSource of the database that all nodes share; for nothing but this, so that it never
   *     waits for a connection
   */
  public ClusterStorage(DataSource dataSource, Incarnation incarnation) {
    this.dataSource = dataSource;
    this.incarnation = incarnation;
  }

  ClusterMembers members(Cluster cluster) {
    return new ClusterMembers(dataSource, incarnation, node(cluster.selfUniqueAddress()));
  }

  static ClusterMembers.Node node(UniqueAddress node) {
    return new ClusterMembers.Node(hostAndPort(node.address()), node.longUid());
  }

  private static String hostAndPort(Address address) {
    return address.host().get() + ":" + address.port().get();
  }
}
