package dev.parley.ops;

import dev.parley.entity.Tenure;
import dev.parley.journal.ClusterMembers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.MemberStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings this node into the cluster. Whoever is there stands in the database, which every node has
 * anyway: a node joins those, and forms a cluster of its own only when nobody has been there for a
 * while and nobody else is about to. So a first node that restarts while it is cut off from the
 * others waits for them instead of forming a second cluster.
 */
public final class ClusterFormation implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ClusterFormation.class);

  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(1);

  /** Several signs of life may be missed before a node counts as gone. */
  private static final Duration LATELY = Duration.ofSeconds(6);

  /**
   * Those of whom the database has not heard lately may be there all the same: they are asked once.
   */
  private static final Duration ONCE = Duration.ofDays(7);

  private static final Duration JOIN_PATIENCE = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Cluster cluster;
  private final String systemName;
  private final ClusterMembers members;
  private final Runnable onRemoval;
  private final ClusterTenure tenure = new ClusterTenure();
  private final ScheduledExecutorService signs =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "cluster-member");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param storage the same that the actor system was given at its start
   * @param onRemoval called when the others have removed this node, which may not go on then
   */
  public ClusterFormation(ActorSystem<?> system, ClusterStorage storage, Runnable onRemoval) {
    this.cluster = Cluster.get(system);
    this.systemName = system.name();
    this.members = storage.members(cluster);
    this.onRemoval = onRemoval;
  }

  /** Whether the sessions of this node are its own. */
  public Tenure tenure() {
    return tenure;
  }

  /**
   * Forms a cluster that nobody else will join. Returns when this node is in it.
   *
   * @throws TimeoutException when that did not come to be within the patience
   */
  public static void alone(ActorSystem<?> system, Duration patience) throws TimeoutException {
    Cluster cluster = Cluster.get(system);
    cluster.join(cluster.selfAddress());
    awaitUp(cluster, System.nanoTime() + patience.toNanos());
    requireUp(cluster, patience);
  }

  /**
   * Joins the others, or forms the cluster. Returns when this node is in it, and gives signs of
   * life from then on.
   *
   * @throws TimeoutException when that did not come to be within the patience
   */
  public void join(Duration patience) throws TimeoutException, InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    Duration window = ONCE;
    boolean entered = false;
    while (!isUp(cluster) && System.nanoTime() < deadline) {
      try {
        if (!entered) {
          members.enter(ClusterTenure.LENGTH);
          entered = true;
        }
        List<String> known = members.others(window);
        window = LATELY;
        if (!known.isEmpty()) {
          cluster.joinSeedNodes(addresses(known));
          awaitUp(cluster, Math.min(deadline, System.nanoTime() + JOIN_PATIENCE.toNanos()));
        } else if (members.claim(LATELY)) {
          log.info("Nobody is there: this node forms the cluster");
          cluster.join(cluster.selfAddress());
          awaitUp(cluster, deadline);
        }
      } catch (SQLException e) {
        log.warn("The database can't say which nodes are there, asked again: {}", e.getMessage());
        pause();
      }
    }
    requireUp(cluster, patience);
    signs.scheduleWithFixedDelay(this::giveSign, 0, SIGN_OF_LIFE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private List<Address> addresses(List<String> nodes) {
    return nodes.stream()
        .map(node -> AddressFromURIString.parse("pekko://" + systemName + "@" + node))
        .toList();
  }

  private static boolean isUp(Cluster cluster) {
    return cluster.selfMember().status() == MemberStatus.up();
  }

  private static void awaitUp(Cluster cluster, long deadline) {
    while (!isUp(cluster) && System.nanoTime() < deadline) {
      pause();
    }
  }

  private static void requireUp(Cluster cluster, Duration patience) throws TimeoutException {
    if (!isUp(cluster)) {
      throw new TimeoutException(
          "This node did not come into the cluster within %d s; are the nodes of the table"
                  .formatted(patience.toSeconds())
              + " cluster_member there, and reachable at their addresses?");
    }
  }

  private static void pause() {
    LockSupport.parkNanos(PAUSE.toNanos());
  }

  private void giveSign() {
    try {
      if (isMember() && !tenure.confirm(members::seen)) {
        signs.shutdown();
        onRemoval.run();
      }
    } catch (Exception e) {
      // Until the next sign of life is taken, what sessions remember is not shown as current.
      log.warn("The database takes no sign of life of this node: {}", e.getMessage());
    }
  }

  /** Also while it leaves: its sessions are its own until they have been handed over. */
  private boolean isMember() {
    MemberStatus status = cluster.selfMember().status();
    return status == MemberStatus.up()
        || status == MemberStatus.leaving()
        || status == MemberStatus.exiting();
  }

  /** The node has left, and nobody need wait for it. */
  @Override
  public void close() {
    signs.shutdownNow();
    try {
      members.gone();
    } catch (SQLException e) {
      log.debug("The row of this node stays until it is too old to count", e);
    }
  }
}
