package dev.parley.entity;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSelection;
import org.apache.pekko.actor.AllDeadLetters;
import org.apache.pekko.actor.RootActorPath;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.cluster.typed.Cluster;

/**
 * Sends once more what reached no session: messages that were on their way while a shard moved, or
 * to a node that has been removed. Such a message has done nothing, so doing it now does it once;
 * without this its sender would learn of its loss by waiting in vain.
 */
final class Redelivery extends AbstractBehavior<Redelivery.Message> {
  /** A shard that moves is back sooner; later than this nobody waits for an answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final Duration PAUSE = Duration.ofMillis(50);

  sealed interface Message {}

  private record Undelivered(AllDeadLetters letter) implements Message {}

  private record Again(String entityId, SessionMessage message) implements Message {}

  private enum Forget implements Message {
    INSTANCE
  }

  private final ClusterSharding sharding;
  private final EntityTypeKey<SessionMessage> type;
  private final TimerScheduler<Message> timers;
  private final Cluster cluster;

  /** When a message was lost for the first time, by its identity. */
  private final Map<SessionMessage, Long> lost = new IdentityHashMap<>();

  private Redelivery(
      ActorContext<Message> context,
      TimerScheduler<Message> timers,
      ClusterSharding sharding,
      EntityTypeKey<SessionMessage> type) {
    super(context);
    this.timers = timers;
    this.sharding = sharding;
    this.type = type;
    this.cluster = Cluster.get(context.getSystem());
    context
        .getSystem()
        .eventStream()
        .tell(
            new EventStream.Subscribe<>(
                AllDeadLetters.class,
                context.messageAdapter(AllDeadLetters.class, Undelivered::new)));
  }

  static Behavior<Message> create(ClusterSharding sharding, EntityTypeKey<SessionMessage> type) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new Redelivery(context, timers, sharding, type)));
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(Undelivered.class, this::onUndelivered)
        .onMessage(Again.class, this::onAgain)
        .onMessageEquals(Forget.INSTANCE, this::onForget)
        .build();
  }

  private Behavior<Message> onUndelivered(Undelivered undelivered) {
    AllDeadLetters letter = undelivered.letter();
    // A buffer that is given up sends its reason around each message to the dead letters.
    while (letter.message() instanceof AllDeadLetters inner) {
      letter = inner;
    }
    Object message = letter.message();
    ActorRef recipient = letter.recipient();
    if (message instanceof ShardingEnvelope<?> envelope
        && envelope.message() instanceof SessionMessage inside) {
      again(envelope.entityId(), inside);
    } else if (message instanceof SessionMessage bare) {
      again(URLDecoder.decode(recipient.path().name(), StandardCharsets.UTF_8), bare);
    }
    return this;
  }

  private void again(String entityId, SessionMessage message) {
    if (!isFromOutside(message)) {
      return;
    }
    long now = System.nanoTime();
    if (now - lost.computeIfAbsent(message, first -> now) < PATIENCE.toNanos()) {
      Again again = new Again(entityId, message);
      timers.startSingleTimer(again, again, PAUSE);
      if (!timers.isTimerActive(Forget.INSTANCE)) {
        timers.startSingleTimer(Forget.INSTANCE, Forget.INSTANCE, PATIENCE);
      }
    }
  }

  /** What a session says to itself dies with it. */
  private static boolean isFromOutside(SessionMessage message) {
    return message instanceof SessionMessage.Ask
        || message instanceof SessionMessage.Read
        || message instanceof SessionMessage.Inspect
        || message instanceof SessionMessage.Locate
        || message instanceof SessionMessage.Watch
        || message instanceof SessionMessage.WatchRenewals
        || message instanceof SessionMessage.StopTurn
        || message instanceof SessionMessage.CallbackDone;
  }

  private Behavior<Message> onAgain(Again again) {
    Optional<ActorSelection> elsewhere =
        cluster.selfMember().status() == MemberStatus.up() ? Optional.empty() : anotherRegion();
    elsewhere.ifPresentOrElse(
        region ->
            region.tell(
                new ShardingEnvelope<>(again.entityId(), again.message()), ActorRef.noSender()),
        () -> sharding.entityRefFor(type, again.entityId()).tell(again.message()));
    return this;
  }

  /** Of a node that leaves the region ends as soon as all its shards have moved. */
  private Optional<ActorSelection> anotherRegion() {
    return StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
        .filter(member -> member.status() == MemberStatus.up())
        .filter(member -> !cluster.state().getUnreachable().contains(member))
        .findAny()
        .map(
            member ->
                Adapter.toClassic(getContext().getSystem())
                    .actorSelection(
                        new RootActorPath(member.address(), "/")
                            .child("system")
                            .child("sharding")
                            .child(type.name())));
  }

  private Behavior<Message> onForget() {
    long now = System.nanoTime();
    lost.values().removeIf(first -> now - first >= 2 * PATIENCE.toNanos());
    if (!lost.isEmpty()) {
      timers.startSingleTimer(Forget.INSTANCE, Forget.INSTANCE, PATIENCE);
    }
    return this;
  }
}
