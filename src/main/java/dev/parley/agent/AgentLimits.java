package dev.parley.agent;

import java.math.BigDecimal;
import java.time.Duration;

/**
 * What a turn of an agent may take.
 *
 * @param time for the whole turn, tries included
 * @param stall without a byte from the other side, also before the first
 * @param tries requests of a turn, at most; only those without an answer are repeated
 * @param pause before the second try; each further one is twice as long, up to 20 s
 */
public record AgentLimits(Duration time, Duration stall, int tries, Duration pause) {
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(20);

  public AgentLimits {
    bounded("time limit", time);
    bounded("stall limit", stall);
    bounded("pause between tries", pause);
    if (tries < 1 || tries > 10) {
      throw new IllegalArgumentException(
          "the number of tries is " + tries + "; it must be 1 to 10");
    }
  }

  /** How long to wait after that many tries. */
  Duration pauseAfter(int tries) {
    Duration pause = this.pause.multipliedBy(1L << (tries - 1));
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }

  /** The time as it is told to people. */
  static String seconds(Duration time) {
    return BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString() + " s";
  }

  private static void bounded(String what, Duration value) {
    if (value.toMillis() < 1 || value.compareTo(DAY) > 0) {
      throw new IllegalArgumentException(
          "the " + what + " is " + value + "; it must be from 1 ms to 24 h");
    }
  }
}
