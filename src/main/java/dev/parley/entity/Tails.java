package dev.parley.entity;

import dev.parley.session.Channel;
import dev.parley.session.SessionId;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/** The channels that are followed from this node, each by one {@link ChannelTail}. */
final class Tails extends AbstractBehavior<Tails.Message> {
  /** A stream of one generation of a session. */
  record Key(SessionId session, Channel channel, long generation) {}

  sealed interface Message {}

  /** A reader on this node asks for what comes next. */
  record Next(Key key, long fromSeq, int maxBytes, ActorRef<ReadReply> replyTo)
      implements Message {}

  /** What the sessions were asked may be lost. */
  enum AskAgain implements Message {
    INSTANCE
  }

  /** From a tail that nobody follows any more. */
  record Unused(Key key, ActorRef<ChannelTail.Message> tail) implements Message {}

  private final ClusterSharding sharding;
  private final EntityTypeKey<SessionMessage> type;
  private final Map<Key, ActorRef<ChannelTail.Message>> tails = new HashMap<>();

  private Tails(
      ActorContext<Message> context, ClusterSharding sharding, EntityTypeKey<SessionMessage> type) {
    super(context);
    this.sharding = sharding;
    this.type = type;
  }

  static Behavior<Message> create(ClusterSharding sharding, EntityTypeKey<SessionMessage> type) {
    return Behaviors.setup(context -> new Tails(context, sharding, type));
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(Next.class, this::onNext)
        .onMessage(Unused.class, this::onUnused)
        .onMessageEquals(AskAgain.INSTANCE, this::onAskAgain)
        .build();
  }

  private Behavior<Message> onNext(Next next) {
    tails.computeIfAbsent(next.key(), this::spawn).tell(new ChannelTail.Follow(next));
    return this;
  }

  private ActorRef<ChannelTail.Message> spawn(Key key) {
    return getContext()
        .spawnAnonymous(
            ChannelTail.create(
                key,
                sharding.entityRefFor(type, key.session().entityId()),
                getContext().getSelf()));
  }

  private Behavior<Message> onAskAgain() {
    tails.values().forEach(tail -> tail.tell(ChannelTail.AskAgain.INSTANCE));
    return this;
  }

  /** The tail stops after all that was sent to it before. */
  private Behavior<Message> onUnused(Unused unused) {
    if (tails.remove(unused.key(), unused.tail())) {
      unused.tail().tell(ChannelTail.Stop.INSTANCE);
    }
    return this;
  }
}
