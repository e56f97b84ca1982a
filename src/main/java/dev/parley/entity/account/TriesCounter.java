package dev.parley.entity.account;

import dev.parley.entity.account.TriesMessage.Forgive;
import dev.parley.entity.account.TriesMessage.Over;
import dev.parley.entity.account.TriesMessage.Stop;
import dev.parley.entity.account.TriesMessage.Try;
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
 * Keeps the {@link Tries} of one key in memory. Two who try at once are counted one after the
 * other, so no more than the limit can be under way. It ends with its window.
 */
final class TriesCounter extends AbstractBehavior<TriesMessage> {
  private final TimerScheduler<TriesMessage> timers;
  private final Clock clock;
  private final Consumer<ActorRef<TriesMessage>> whenOver;
  private Tries tries = Tries.NONE;

  private TriesCounter(
      ActorContext<TriesMessage> context,
      TimerScheduler<TriesMessage> timers,
      Clock clock,
      Consumer<ActorRef<TriesMessage>> whenOver) {
    super(context);
    this.timers = timers;
    this.clock = clock;
    this.whenOver = whenOver;
  }

  /**
   * @param whenOver to be called when there is nothing left to be remembered
   */
  static Behavior<TriesMessage> create(Clock clock, Consumer<ActorRef<TriesMessage>> whenOver) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new TriesCounter(context, timers, clock, whenOver)));
  }

  @Override
  public Receive<TriesMessage> createReceive() {
    return newReceiveBuilder()
        .onMessage(Try.class, this::onTry)
        .onMessage(Forgive.class, forgive -> onForgive())
        .onMessage(Over.class, over -> onOver())
        .onMessage(Stop.class, stop -> Behaviors.stopped())
        .build();
  }

  private Behavior<TriesMessage> onTry(Try one) {
    Instant now = clock.instant();
    boolean allowed = tries.allows(one.limit(), now);
    if (allowed) {
      if (tries.isOver(now)) {
        timers.startSingleTimer(Over.INSTANCE, one.window());
      }
      tries = tries.with(one.window(), now);
    }
    one.replyTo().tell(new Tried(allowed, tries.left(now)));
    return this;
  }

  private Behavior<TriesMessage> onForgive() {
    tries = tries.without();
    return this;
  }

  private Behavior<TriesMessage> onOver() {
    whenOver.accept(getContext().getSelf());
    return this;
  }
}
