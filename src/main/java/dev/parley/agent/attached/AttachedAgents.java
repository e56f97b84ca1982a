package dev.parley.agent.attached;

import dev.parley.agent.AttachedWorkers;
import dev.parley.agent.Offered;
import dev.parley.agent.OpenTurn;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingSettings;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.jspecify.annotations.Nullable;

/** All attached agents of the cluster, for their workers and for the owners of turns. */
public final class AttachedAgents implements AttachedWorkers {
  private static final EntityTypeKey<AttachedMessage> TYPE_KEY =
      EntityTypeKey.create(AttachedMessage.class, "AttachedAgent");

  private static final Duration PATIENCE = Duration.ofSeconds(4);

  /** After this time a waiting worker asks again, so that it finds an actor that has moved. */
  private static final Duration ASK_EVERY = Duration.ofSeconds(5);

  private static final Executor ON_THE_SPOT = Runnable::run;

  private final ClusterSharding sharding;

  /** Whether this node is about to leave; questions that come again would hold it up. */
  private volatile boolean leaving;

  private AttachedAgents(ActorSystem<?> system, ClusterSharding sharding) {
    this.sharding = sharding;
    CoordinatedShutdown.get(system)
        .addTask(
            CoordinatedShutdown.PhaseBeforeServiceUnbind(),
            "stop-asking-for-turns",
            () -> {
              leaving = true;
              return CompletableFuture.completedFuture(Done.getInstance());
            });
  }

  /** Joins this node to the sharding of attached agents. To be called once for each system. */
  public static AttachedAgents start(ActorSystem<?> system, Clock clock) {
    ClusterSharding sharding = ClusterSharding.get(system);
    sharding.init(
        Entity.of(
                TYPE_KEY,
                context ->
                    AttachedAgent.create(
                        clock,
                        self -> context.getShard().tell(new ClusterSharding.Passivate<>(self))))
            // Only the actor knows whether it remembers something.
            .withSettings(ClusterShardingSettings.create(system).withNoPassivationStrategy())
            .withStopMessage(AttachedMessage.Stop.INSTANCE));
    return new AttachedAgents(system, sharding);
  }

  private EntityRef<AttachedMessage> agent(String environmentId, String agentId) {
    // Ids of environments have no colon.
    return sharding.entityRefFor(TYPE_KEY, environmentId + ":" + agentId.toLowerCase(Locale.ROOT));
  }

  @Override
  public CompletionStage<Boolean> isAttached(String environmentId, String agentId) {
    return agent(environmentId, agentId).ask(AttachedMessage.Living::new, PATIENCE);
  }

  @Override
  public CompletionStage<Offered> offer(OpenTurn turn, @Nullable String claimedBy) {
    return agent(turn.environmentId(), turn.agentId())
        .ask(replyTo -> new AttachedMessage.Offer(turn, claimedBy, replyTo), PATIENCE);
  }

  @Override
  public void withdraw(OpenTurn turn) {
    agent(turn.environmentId(), turn.agentId()).tell(new AttachedMessage.Withdraw(turn));
  }

  /**
   * Attaches a worker or renews its lease: {@link WorkerReply.Attached} or {@link
   * WorkerReply.Full}. Fails with {@link TimeoutException} when nobody answers, like all of these.
   */
  public CompletionStage<WorkerReply> attach(
      String environmentId, String agentId, String worker, Duration lease) {
    return agent(environmentId, agentId)
        .ask(replyTo -> new AttachedMessage.Attach(worker, lease, replyTo), PATIENCE);
  }

  /** A worker leaves, and what it had goes to others: {@link WorkerReply.Left}. */
  public CompletionStage<WorkerReply> leave(String environmentId, String agentId, String worker) {
    return agent(environmentId, agentId)
        .ask(replyTo -> new AttachedMessage.Leave(worker, replyTo), PATIENCE);
  }

  /**
   * A turn for a worker, whose lease is renewed as long as it waits: {@link WorkerReply.Handed},
   * {@link WorkerReply.Nothing} or {@link WorkerReply.NotAttached}.
   *
   * @param maxWait how long to wait for one at most
   */
  public CompletionStage<WorkerReply> next(
      String environmentId, String agentId, String worker, Duration maxWait) {
    return next(agent(environmentId, agentId), worker, System.nanoTime() + maxWait.toNanos());
  }

  private CompletionStage<WorkerReply> next(
      EntityRef<AttachedMessage> agent, String worker, long deadline) {
    Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    Duration wait = left.compareTo(ASK_EVERY) < 0 ? left : ASK_EVERY;
    return agent
        .<WorkerReply>ask(
            replyTo -> new AttachedMessage.Next(worker, wait, replyTo), wait.plus(PATIENCE))
        .thenComposeAsync(
            reply ->
                reply instanceof WorkerReply.Nothing && deadline - System.nanoTime() > 0 && !leaving
                    ? next(agent, worker, deadline)
                    : CompletableFuture.completedFuture(reply),
            ON_THE_SPOT);
  }
}
