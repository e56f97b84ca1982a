package dev.parley.client;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * When to try again what has failed: after 100 ms, and each time after twice as long up to 5 s, of
 * which up to a half is left out at random, so that clients which lost the same node don't all come
 * back at once. To be used by one request or tail.
 */
final class Tries {
  private static final long FIRST_MILLIS = 100;
  private static final long LONGEST_MILLIS = 5_000;

  private final Duration patience;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;
  private int failures;
  private long firstFailure;

  /**
   * @param patience how long to go on, from the first failure behind a success
   * @param nanoTime as of {@link System#nanoTime}
   */
  Tries(Duration patience, LongSupplier nanoTime, RandomGenerator random) {
    this.patience = patience;
    this.nanoTime = nanoTime;
    this.random = random;
  }

  void succeeded() {
    failures = 0;
  }

  /**
   * How long to pause before the next try; empty when patience is over before that.
   *
   * @param asked the pause that the server asks for, which is added to
   */
  Optional<Duration> pauseAfterFailure(Duration asked) {
    long now = nanoTime.getAsLong();
    if (failures == 0) {
      firstFailure = now;
    }
    // Six times twice as long is more than the longest.
    long longest = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(failures, 6));
    failures++;
    Duration pause = asked.plusMillis(longest - random.nextLong(longest / 2 + 1));
    return Duration.ofNanos(now - firstFailure).plus(pause).compareTo(patience) <= 0
        ? Optional.of(pause)
        : Optional.empty();
  }
}
