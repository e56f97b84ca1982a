package dev.parley.session;

import java.time.Duration;

/**
 * How long a session may live (eliza.md section 3). Fractions of a minute are legal; the durations
 * are rounded to the millisecond.
 *
 * @param timeoutMinutes from the last renewal to the end; 1 to {@link #LONGEST_MINUTES}
 * @param autoRenew whether a message or a heartbeat is a renewal
 * @param maxDurationMinutes from creation to the latest possible end; 1 to {@link
 *     #LONGEST_MINUTES}, and possibly shorter than the timeout
 * @param warningThresholdMinutes how long before the end the session counts as near its expiration;
 *     finite and at least 1, possibly longer than the session can live
 */
public record TimeoutPolicy(
    double timeoutMinutes,
    boolean autoRenew,
    double maxDurationMinutes,
    double warningThresholdMinutes) {
  /** Two weeks: neither the environment nor twice its largest MAX allows more. */
  public static final int LONGEST_MINUTES = 20_160;

  private static final double MILLIS_PER_MINUTE = 60_000;

  public TimeoutPolicy {
    check("timeoutMinutes", timeoutMinutes, LONGEST_MINUTES);
    check("maxDurationMinutes", maxDurationMinutes, LONGEST_MINUTES);
    check("warningThresholdMinutes", warningThresholdMinutes, Double.MAX_VALUE);
  }

  public Duration timeout() {
    return minutes(timeoutMinutes);
  }

  public Duration maxDuration() {
    return minutes(maxDurationMinutes);
  }

  /** At most {@code Long.MAX_VALUE} milliseconds, which is longer than any session lives. */
  public Duration warningThreshold() {
    return minutes(warningThresholdMinutes);
  }

  private static Duration minutes(double minutes) {
    return Duration.ofMillis(Math.round(minutes * MILLIS_PER_MINUTE));
  }

  private static void check(String name, double minutes, double longest) {
    if (!(minutes >= 1 && minutes <= longest)) {
      throw new IllegalArgumentException(
          "%s must be a number from 1 to %s, got %s"
              .formatted(name, JsNumber.format(longest), minutes));
    }
  }
}
