package dev.parley.entity;

import java.time.Duration;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.ClusterEvent.MemberRemoved;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * Has asked again what was asked of a node that has been removed. Once is not enough: nodes learn
 * of a removal one after the other, and one that does not know yet still leads messages of others
 * to the node that is gone, where they vanish without a dead letter.
 */
final class Removals extends AbstractBehavior<Removals.Message> {
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** By then all nodes know, and the sessions have a place again. */
  private static final int TIMES = 3;

  sealed interface Message {}

  /** A node is gone, and with it what its sessions were asked. */
  enum NodeGone implements Message {
    INSTANCE
  }

  private enum Again implements Message {
    INSTANCE
  }

  private final TimerScheduler<Message> timers;
  private final Runnable askAgain;
  private int left;

  private Removals(
      ActorContext<Message> context, TimerScheduler<Message> timers, Runnable askAgain) {
    super(context);
    this.timers = timers;
    this.askAgain = askAgain;
    Cluster.get(context.getSystem())
        .subscriptions()
        .tell(
            new Subscribe<>(
                context.messageAdapter(MemberRemoved.class, removed -> NodeGone.INSTANCE),
                MemberRemoved.class));
  }

  static Behavior<Message> create(Runnable askAgain) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new Removals(context, timers, askAgain)));
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessageEquals(NodeGone.INSTANCE, this::onNodeGone)
        .onMessageEquals(Again.INSTANCE, this::onAgain)
        .build();
  }

  private Behavior<Message> onNodeGone() {
    left = TIMES;
    timers.startTimerWithFixedDelay(Again.INSTANCE, PAUSE);
    return onAgain();
  }

  private Behavior<Message> onAgain() {
    askAgain.run();
    left--;
    if (left == 0) {
      timers.cancel(Again.INSTANCE);
    }
    return this;
  }
}
