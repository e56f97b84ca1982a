package dev.parley.entity;

import dev.parley.entity.SessionMessage.Due;
import dev.parley.session.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/** Has a session look up when something falls due, as long as it is awake. */
final class DueTimer {
  /** What Pekko's scheduler can wait for is some months. */
  private static final Duration LONGEST = Duration.ofDays(100);

  private final SessionId id;
  private final AwakeSessions awake;
  private final TimerScheduler<SessionMessage> timers;

  /** For when the timer is set. */
  private @Nullable Instant awaited;

  DueTimer(SessionId id, AwakeSessions awake, TimerScheduler<SessionMessage> timers) {
    this.id = id;
    this.awake = awake;
    this.timers = timers;
  }

  /**
   * Sets the timer.
   *
   * @param next when something falls due; null for never
   */
  void await(@Nullable Instant next, Instant now) {
    if (Objects.equals(next, awaited) && (next == null || timers.isTimerActive(Due.INSTANCE))) {
      return;
    }
    awaited = next;
    awake.set(id, next);
    if (next == null) {
      timers.cancel(Due.INSTANCE);
      return;
    }
    timers.startSingleTimer(Due.INSTANCE, pause(now, next));
  }

  /** How long to wait, within what a timer takes: clients may name any time of the calendar. */
  static Duration pause(Instant now, Instant next) {
    if (!next.isAfter(now)) {
      return Duration.ZERO;
    }
    Duration left = Duration.between(now, next);
    return left.compareTo(LONGEST) < 0 ? left.plusMillis(1) : LONGEST;
  }

  /** The actor restarts, and its timers are gone. */
  void forget() {
    awaited = null;
  }

  /** The session sleeps from here on. */
  void stop() {
    awake.set(id, null);
  }
}
