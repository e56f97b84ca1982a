package dev.parley.entity.limit;

import java.time.Duration;

/**
 * What somebody has found who took once more of what is limited.
 *
 * @param limit how often in a window; 0 when nothing is limited, or nobody could say the count
 * @param count how often in this window, this time included; one more than the limit when this time
 *     is refused
 * @param untilReset how long until the window ends
 */
public record Usage(long limit, long count, Duration window, Duration untilReset) {
  /** When it does not matter how often. */
  static Usage unlimited(Duration window) {
    return new Usage(0, 0, window, Duration.ZERO);
  }

  public boolean isAllowed() {
    return limit == 0 || count <= limit;
  }

  /** How often still in this window; none when nothing is limited. */
  public long remaining() {
    return Math.max(0, limit - count);
  }

  /** Rounded up, at least 1. */
  public long secondsUntilReset() {
    return Math.max(1, (untilReset.toMillis() + 999) / 1000);
  }
}
