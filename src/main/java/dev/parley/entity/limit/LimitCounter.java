package dev.parley.entity.limit;

import dev.parley.entity.limit.LimitMessage.Over;
import dev.parley.entity.limit.LimitMessage.Stop;
import dev.parley.entity.limit.LimitMessage.Take;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Counts what is taken under one key. It ends with its window, so that keys which nobody uses any
 * more cost nothing.
 */
final class LimitCounter extends AbstractBehavior<LimitMessage> {
  private final TimerScheduler<LimitMessage> timers;
  private final LongSupplier nanoTime;
  private final Consumer<ActorRef<LimitMessage>> whenOver;
  private @Nullable Window window;

  private LimitCounter(
      ActorContext<LimitMessage> context,
      TimerScheduler<LimitMessage> timers,
      LongSupplier nanoTime,
      Consumer<ActorRef<LimitMessage>> whenOver) {
    super(context);
    this.timers = timers;
    this.nanoTime = nanoTime;
    this.whenOver = whenOver;
  }

  /**
   * @param whenOver to be called when there is nothing left to be remembered
   */
  static Behavior<LimitMessage> create(
      LongSupplier nanoTime, Consumer<ActorRef<LimitMessage>> whenOver) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new LimitCounter(context, timers, nanoTime, whenOver)));
  }

  @Override
  public Receive<LimitMessage> createReceive() {
    return newReceiveBuilder()
        .onMessage(Take.class, this::onTake)
        .onMessage(Over.class, over -> onOver())
        .onMessage(Stop.class, stop -> Behaviors.stopped())
        .build();
  }

  private Behavior<LimitMessage> onTake(Take take) {
    long now = nanoTime.getAsLong();
    Window counted =
        window == null ? Window.first(now, take.window()) : window.take(now, take.window());
    window = counted;
    if (counted.count() == 1) {
      timers.startSingleTimer(Over.INSTANCE, take.window());
    }
    take.replyTo().tell(new Taken(counted.count(), counted.left(now)));
    return this;
  }

  private Behavior<LimitMessage> onOver() {
    whenOver.accept(getContext().getSelf());
    return this;
  }
}
