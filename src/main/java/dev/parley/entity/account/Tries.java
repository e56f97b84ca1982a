package dev.parley.entity.account;

import java.time.Duration;
import java.time.Instant;

/**
 * Tries within a window, which begins with the first. Those that are refused do not count, and
 * those that succeed are taken back.
 *
 * @param ends when the window is over
 * @param count tries that failed or may yet fail
 */
record Tries(Instant ends, long count) {
  static final Tries NONE = new Tries(Instant.MIN, 0);

  boolean isOver(Instant now) {
    return !now.isBefore(ends);
  }

  /** Whether one more is allowed, by these or, when they are over, by new ones. */
  boolean allows(long limit, Instant now) {
    return isOver(now) || count < limit;
  }

  /** With one that was allowed. */
  Tries with(Duration window, Instant now) {
    return isOver(now) ? new Tries(now.plus(window), 1) : new Tries(ends, count + 1);
  }

  /** Without one that has succeeded. */
  Tries without() {
    return new Tries(ends, Math.max(0, count - 1));
  }

  Duration left(Instant now) {
    return isOver(now) ? Duration.ZERO : Duration.between(now, ends);
  }
}
