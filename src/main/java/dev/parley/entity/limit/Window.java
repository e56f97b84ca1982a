package dev.parley.entity.limit;

import java.time.Duration;
import java.time.Instant;

/**
 * A span of time that begins with the first that is counted in it. What is refused does not count,
 * and what was counted can be taken back.
 *
 * @param ends when it is over
 * @param count what was allowed in it
 */
record Window(Instant ends, long count) {
  static final Window NONE = new Window(Instant.MIN, 0);

  boolean isOver(Instant now) {
    return !now.isBefore(ends);
  }

  /** Whether one more is allowed, in this window or, when it is over, in the next. */
  boolean allows(long limit, Instant now) {
    return isOver(now) ? limit > 0 : count < limit;
  }

  /**
   * With one that was allowed: of this window, or the first of the next.
   *
   * @param length of the next
   */
  Window with(Duration length, Instant now) {
    return isOver(now) ? new Window(now.plus(length), 1) : new Window(ends, count + 1);
  }

  /** Without one that was counted. */
  Window without() {
    return new Window(ends, Math.max(0, count - 1));
  }

  Duration left(Instant now) {
    return isOver(now) ? Duration.ZERO : Duration.between(now, ends);
  }
}
