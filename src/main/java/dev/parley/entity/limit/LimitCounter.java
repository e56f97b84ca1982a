package dev.parley.entity.limit;

import dev.parley.entity.limit.LimitMessage.Forgive;
import dev.parley.entity.limit.LimitMessage.Over;
import dev.parley.entity.limit.LimitMessage.Stop;
import dev.parley.entity.limit.LimitMessage.Take;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.github.bucket4j.local.SynchronizationStrategy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the bucket of one key, which is filled anew when the window is over that began with the
 * first token. Two who ask at once are served one after the other, so no more than the limit can be
 * under way. It ends with its window, so that keys which nobody uses any more cost nothing.
 */
final class LimitCounter extends AbstractBehavior<LimitMessage> {
  private final TimerScheduler<LimitMessage> timers;
  private final Clock clock;
  private final Consumer<ActorRef<LimitMessage>> whenOver;
  private @Nullable Bucket bucket;
  private long capacity;
  private Instant ends = Instant.MIN;

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
    Bucket open = bucket != null && now.isBefore(ends) ? bucket : begin(take, now);
    if (take.limit() != capacity) {
      // Nodes whose settings differ have limits of their own; changing between them gives nothing
      // back.
      open.replaceConfiguration(
          BucketConfiguration.builder().addLimit(refilledOnce(take)).build(),
          TokensInheritanceStrategy.AS_IS);
      capacity = take.limit();
    }
    ConsumptionProbe probe = open.tryConsumeAndReturnRemaining(1);
    long count = take.limit() + (probe.isConsumed() ? -probe.getRemainingTokens() : 1);
    take.replyTo().tell(new Taken(count, Duration.between(now, ends)));
    return this;
  }

  private Behavior<LimitMessage> onForgive() {
    if (bucket != null) {
      bucket.addTokens(1);
    }
    return this;
  }

  private Behavior<LimitMessage> onOver() {
    whenOver.accept(getContext().getSelf());
    return this;
  }

  /** A bucket that is full until the end of the window, which begins now. */
  private Bucket begin(Take take, Instant now) {
    timers.startSingleTimer(Over.INSTANCE, take.window());
    ends = now.plus(take.window());
    capacity = take.limit();
    bucket =
        Bucket.builder()
            .addLimit(refilledOnce(take))
            .withCustomTimePrecision(new Ticks(clock))
            .withSynchronizationStrategy(SynchronizationStrategy.NONE)
            .build();
    return bucket;
  }

  private static Bandwidth refilledOnce(Take take) {
    return Bandwidth.builder()
        .capacity(take.limit())
        .refillIntervally(take.limit(), take.window())
        .build();
  }

  private record Ticks(Clock clock) implements TimeMeter {
    @Override
    public long currentTimeNanos() {
      return TimeUnit.MILLISECONDS.toNanos(clock.millis());
    }

    @Override
    public boolean isWallClockBased() {
      return true;
    }
  }
}
