package dev.parley.session;

/**
 * The global tier of the timeouts: what a session gets that asks for nothing, and the bounds of
 * what may be asked for (eliza.md section 3.1).
 *
 * @param minMinutes MIN: the shortest timeout; at least 1
 * @param maxMinutes MAX: the longest timeout; at least MIN, at most 10080. Twice as much is the
 *     longest maximum duration that can be asked for
 * @param defaults the timeout lies between MIN and MAX; the maximum duration need not lie below
 *     twice MAX
 */
public record TimeoutLimits(int minMinutes, int maxMinutes, TimeoutPolicy defaults) {
  /** What holds when the environment says nothing. */
  public static final TimeoutLimits STANDARD =
      new TimeoutLimits(5, 1_440, new TimeoutPolicy(30, true, 720, 5));

  public TimeoutLimits {
    if (minMinutes < 1 || maxMinutes < minMinutes || longest(maxMinutes) > longestPossible()) {
      throw new IllegalArgumentException(
          "MIN and MAX must satisfy 1 <= MIN <= MAX <= %d, got %d and %d"
              .formatted(longestPossible() / 2, minMinutes, maxMinutes));
    }
    double timeout = defaults.timeoutMinutes();
    if (timeout < minMinutes || timeout > maxMinutes) {
      throw new IllegalArgumentException(
          "the default timeout must lie between %d and %d minutes, got %s"
              .formatted(minMinutes, maxMinutes, JsNumber.format(timeout)));
    }
  }

  /** The timeout that comes nearest to the wish. */
  double clampTimeout(double minutes) {
    return clamp(minutes, minMinutes, maxMinutes);
  }

  boolean allowsTimeout(double minutes) {
    return minutes >= minMinutes && minutes <= maxMinutes;
  }

  /** The longest maximum duration that an agent or a request may ask for: 2·MAX. */
  double longestDurationMinutes() {
    return longest(maxMinutes);
  }

  static double clamp(double value, double least, double most) {
    return Math.max(least, Math.min(most, value));
  }

  private static double longest(int maxMinutes) {
    return 2.0 * maxMinutes;
  }

  private static int longestPossible() {
    return TimeoutPolicy.LONGEST_MINUTES;
  }
}
