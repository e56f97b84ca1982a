package dev.parley.entity.account;

import java.time.Duration;

/**
 * Whether somebody may try.
 *
 * @param untilReset how long the window still lasts
 */
public record Tried(boolean allowed, Duration untilReset) {
  /** Rounded up, at least 1. */
  public long secondsUntilReset() {
    return Math.max(1, (untilReset.toMillis() + 999) / 1_000);
  }
}
