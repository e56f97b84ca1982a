package dev.parley.entity.limit;

import java.time.Duration;

/**
 * A span of time that begins with the first request in it, and how many have come.
 *
 * @param startNanos by a clock that never jumps, as {@link System#nanoTime}
 */
record Window(long startNanos, Duration length, long count) {
  static Window first(long nanos, Duration length) {
    return new Window(nanos, length, 1);
  }

  /** With one request more: of this window, or the first of the next one when it is over. */
  Window take(long nanos, Duration nextLength) {
    return isOver(nanos)
        ? first(nanos, nextLength)
        : new Window(startNanos, length, Math.incrementExact(count));
  }

  boolean isOver(long nanos) {
    return nanos - startNanos >= length.toNanos();
  }

  Duration left(long nanos) {
    return length.minusNanos(Math.max(0, nanos - startNanos));
  }
}
