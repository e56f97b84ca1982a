package dev.parley.ops.alerts;

import java.time.Duration;

/**
 * How alerts are sent.
 *
 * @param repeatAfter for how long the same alert again is only counted
 * @param queue alerts that may wait for each channel; more are dropped
 * @param tries of one alert, at least 1
 * @param firstPause before the second try; doubles from try to try up to the longest
 * @param timeLimit of one try
 */
public record AlertPolicy(
    Duration repeatAfter,
    int queue,
    int tries,
    Duration firstPause,
    Duration longestPause,
    Duration timeLimit) {
  /** The pause after a number of tries, at least 1. */
  Duration pauseAfter(int tried) {
    Duration pause = firstPause.multipliedBy(1L << Math.min(20, tried - 1));
    return pause.compareTo(longestPause) < 0 ? pause : longestPause;
  }
}
