package dev.parley.ops;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.MemberStatus;

/**
 * Whether requests should be sent to this node: it is a full member of the cluster, and not about
 * to leave. Also made by Pekko Management, which {@code application.conf} gives the name.
 */
public final class Readiness implements Supplier<CompletionStage<Boolean>> {
  private final Cluster cluster;
  private final CoordinatedShutdown shutdown;

  public Readiness(ActorSystem system) {
    this.cluster = Cluster.get(system);
    this.shutdown = CoordinatedShutdown.get(system);
  }

  /** Whether it is a full member of the cluster at the moment. */
  public boolean isMember() {
    return cluster.selfMember().status() == MemberStatus.up();
  }

  public boolean isReady() {
    return isMember() && shutdown.getShutdownReason().isEmpty();
  }

  @Override
  public CompletionStage<Boolean> get() {
    return CompletableFuture.completedFuture(isReady());
  }
}
