package dev.parley.ops;

import java.time.Duration;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.PoisonPill;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.sharding.ClusterSharding;
import org.apache.pekko.cluster.sharding.ShardRegion;
import org.apache.pekko.cluster.typed.Cluster;

/**
 * Ends a shard region of the last node that leaves. A message for a shard that has stopped already
 * waits in the region until another node takes the shard; Pekko would wait for that until the limit
 * of the phase, although there is no other node.
 */
final class LastRegion extends AbstractBehavior<LastRegion.Message> {
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  sealed interface Message {}

  private record Shards(ShardRegion.CurrentShardRegionState state) implements Message {}

  private enum Look implements Message {
    INSTANCE
  }

  private enum Ended implements Message {
    INSTANCE
  }

  private final ActorRef region;
  private final ActorRef self;
  private final Cluster cluster;

  private LastRegion(ActorContext<Message> context, ActorRef region) {
    super(context);
    this.region = region;
    this.self =
        Adapter.toClassic(
            context.messageAdapter(ShardRegion.CurrentShardRegionState.class, Shards::new));
    this.cluster = Cluster.get(context.getSystem());
    context.watchWith(Adapter.toTyped(region), Ended.INSTANCE);
  }

  /** Looks after all regions of a node from now on, which has begun to hand over its shards. */
  static void endAll(ActorSystem<?> system) {
    ClusterSharding sharding = ClusterSharding.get(Adapter.toClassic(system));
    for (String type : sharding.getShardTypeNames()) {
      system.systemActorOf(
          create(sharding.shardRegion(type)), "last-region-" + type, Props.empty());
    }
  }

  private static Behavior<Message> create(ActorRef region) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(Look.INSTANCE, LOOK_EVERY);
                  return new LastRegion(context, region);
                }));
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessageEquals(Look.INSTANCE, this::onLook)
        .onMessage(Shards.class, this::onShards)
        .onMessageEquals(Ended.INSTANCE, Behaviors::stopped)
        .build();
  }

  private Behavior<Message> onLook() {
    if (!otherNodeIsUp()) {
      region.tell(ShardRegion.getShardRegionStateInstance(), self);
    }
    return this;
  }

  private Behavior<Message> onShards(Shards shards) {
    if (shards.state().getShards().isEmpty() && shards.state().getFailed().isEmpty()) {
      region.tell(PoisonPill.getInstance(), ActorRef.noSender());
    }
    return this;
  }

  private boolean otherNodeIsUp() {
    return StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
        .filter(member -> !member.uniqueAddress().equals(cluster.selfMember().uniqueAddress()))
        .map(Member::status)
        .anyMatch(status -> status == MemberStatus.up());
  }
}
