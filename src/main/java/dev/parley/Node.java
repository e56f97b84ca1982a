package dev.parley;

import dev.parley.entity.Tenure;
import dev.parley.journal.Database;
import dev.parley.journal.DatabaseAddress;
import dev.parley.journal.Incarnation;
import dev.parley.ops.ClusterFormation;
import dev.parley.ops.ClusterStorage;
import dev.parley.tracing.Tracing;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Cluster;
import org.jspecify.annotations.Nullable;

/** This process as a member of a cluster, which may be one of itself alone. */
final class Node implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(450);

  private final ActorSystem<Void> system;
  private final @Nullable ClusterFormation formation;
  private final CompletableFuture<Void> lost = new CompletableFuture<>();

  private Node(ActorSystem<Void> system, @Nullable ClusterStorage shared) {
    this.system = system;
    this.formation =
        shared == null ? null : new ClusterFormation(system, shared, () -> lost.complete(null));
    Cluster.get(system).registerOnMemberRemoved(() -> lost.complete(null));
  }

  /** Starts the actor system and brings it into the cluster. */
  static Node start(
      Settings settings,
      DatabaseAddress storage,
      Database database,
      Incarnation incarnation,
      Tracing tracing)
      throws Exception {
    ClusterStorage shared = new ClusterStorage(database.reserve("members", 2), incarnation);
    ActorSystemSetup setup =
        ActorSystemSetup.create(
            BootstrapSetup.create(Release.in(settings.system(storage, incarnation))),
            shared,
            tracing);
    ActorSystem<Void> system =
        settings
            .clusterAddress()
            .with(() -> ActorSystem.create(Behaviors.empty(), "parley", setup));
    Node node = new Node(system, settings.seedNodes().isEmpty() ? null : shared);
    try {
      node.join();
      return node;
    } catch (Exception e) {
      node.close();
      throw e;
    }
  }

  private void join() throws Exception {
    if (formation == null) {
      ClusterFormation.alone(system, START_LIMIT);
    } else {
      formation.join(START_LIMIT);
    }
  }

  ActorSystem<Void> system() {
    return system;
  }

  /** Whether the sessions of this node are certainly its own. */
  Tenure tenure() {
    return formation == null ? Tenure.ALWAYS : formation.tenure();
  }

  /**
   * Completes when this node is none of the cluster any more, whether it has left or was removed.
   */
  CompletionStage<Void> lost() {
    return lost;
  }

  /** Leaves the cluster: requests end, sessions are handed over. */
  @Override
  public void close() throws Exception {
    CoordinatedShutdown.get(system)
        .runAll(CoordinatedShutdown.jvmExitReason())
        .toCompletableFuture()
        .get(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    if (formation != null) {
      formation.close();
    }
  }
}
