package dev.parley.entity.limit;

import dev.parley.entity.limit.LimitMessage.Forgive;
import dev.parley.entity.limit.LimitMessage.Over;
import dev.parley.entity.limit.LimitMessage.Stop;
import dev.parley.entity.limit.LimitMessage.Take;
import java.time.Clock;
import java.time.Instant;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Counts what is taken under one key. Two who ask at once are counted one after the other, so no
 * more than the limit can be under way. It ends with its window, so that keys which nobody uses any
 * more cost nothing.
 */
final class LimitCounter extends AbstractBehavior<LimitMessage> {
  private final TimerScheduler<LimitMessage> timers;
  private final Clock clock;
  private final Consumer<ActorRef<LimitMessage>> whenOver;
  private Window window = Window.NONE;

  private LimitCounter(
      ActorContext<LimitMessage> context,
      TimerScheduler<LimitMessage> timers,
      Clock clock,
      Consumer<ActorRef<LimitMessage>> whenOver) {
    super(context);
    this.timers = timers;
    this.clock = clock;
    this.whenOver = whenOver;
  }

  /**
   * @param whenOver to be called when there is nothing left to be remembered
   */
  static Behavior<LimitMessage> create(Clock clock, Consumer<ActorRef<LimitMessage>> whenOver) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new LimitCounter(context, timers, clock, whenOver)));
  }

  @Override
  public Receive<LimitMessage> createReceive() {
    return newReceiveBuilder()
        .onMessage(Take.class, this::onTake)
        .onMessage(Forgive.class, forgive -> onForgive())
        .onMessage(Over.class, over -> onOver())
        .onMessage(Stop.class, stop -> Behaviors.stopped())
        .build();
  }

  private Behavior<LimitMessage> onTake(Take take) {
    Instant now = clock.instant();
    boolean allowed = window.allows(take.limit(), now);
    if (allowed) {
      if (window.isOver(now)) {
        timers.startSingleTimer(Over.INSTANCE, take.window());
      }
      window = window.with(take.window(), now);
    }
    take.replyTo().tell(new Taken(allowed ? window.count() : take.limit() + 1, window.left(now)));
    return this;
  }

  private Behavior<LimitMessage> onForgive() {
    window = window.without();
    return this;
  }

  private Behavior<LimitMessage> onOver() {
    whenOver.accept(getContext().getSelf());
    return this;
  }
}
