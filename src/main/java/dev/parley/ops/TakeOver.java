package dev.parley.ops;

import dev.parley.journal.ClusterMembers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.coordination.lease.LeaseSettings;
import org.apache.pekko.coordination.lease.javadsl.Lease;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease by which the split brain resolver decides which side goes on: who takes the right to
 * write from the other side first. When it is granted, nothing that the other side still does can
 * have an effect, so its sessions may wake on this side at once. Made by Pekko, as configured.
 */
public final class TakeOver extends Lease {
  private static final Logger log = LoggerFactory.getLogger(TakeOver.class);
  private static final Duration PAUSE = Duration.ofMillis(300);

  private final LeaseSettings settings;
  private final ExtendedActorSystem system;

  /** For Pekko. */
  public TakeOver(LeaseSettings settings, ExtendedActorSystem system) {
    this.settings = settings;
    this.system = system;
  }

  @Override
  public LeaseSettings getSettings() {
    return settings;
  }

  /** Each decision needs its own: others may have become unreachable since the last one. */
  @Override
  public boolean checkLease() {
    return false;
  }

  /**
   * Takes over from the nodes that can't be reached. Without the database, which both sides need,
   * neither can decide: it is asked until it answers.
   */
  @Override
  public CompletionStage<Boolean> acquire() {
    CompletableFuture<Boolean> granted = new CompletableFuture<>();
    Thread thread = new Thread(() -> take(granted), "take-over");
    thread.setDaemon(true);
    thread.start();
    return granted;
  }

  @Override
  public CompletionStage<Boolean> acquire(Consumer<Optional<Throwable>> leaseLost) {
    return acquire();
  }

  @Override
  public CompletionStage<Boolean> release() {
    return CompletableFuture.completedFuture(true);
  }

  private void take(CompletableFuture<Boolean> granted) {
    try {
      Cluster cluster = Cluster.get(system);
      ClusterMembers members =
          system
              .settings()
              .setup()
              .get(ClusterStorage.class)
              .orElseThrow(() -> new IllegalStateException("no database for the cluster"))
              .members(cluster);
      Set<ClusterMembers.Node> others =
          StreamSupport.stream(cluster.state().getUnreachable().spliterator(), false)
              .map(member -> ClusterStorage.node(member.uniqueAddress()))
              .collect(Collectors.toSet());
      granted.complete(take(cluster, members, others));
    } catch (Throwable e) {
      granted.completeExceptionally(e);
    }
  }

  private boolean take(Cluster cluster, ClusterMembers members, Set<ClusterMembers.Node> others)
      throws InterruptedException {
    while (!cluster.isTerminated()) {
      try {
        boolean first = members.remove(others, ClusterTenure.LENGTH);
        log.info(
            "{} of {}", first ? "Takes over the sessions" : "Was removed by others, not", others);
        return first;
      } catch (SQLException e) {
        log.warn("Can't take over from {}, tried again: {}", others, e.getMessage());
        Thread.sleep(PAUSE.toMillis());
      }
    }
    return false;
  }
}
