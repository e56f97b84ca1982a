package dev.parley.chaos.history;

import java.time.Duration;

/**
 * How late what is due may happen.
 *
 * @param ordinary while everything serves
 * @param afterFault after the end of a fault during or shortly before which it fell due
 */
public record DueLimits(Duration ordinary, Duration afterFault) {
  /** A second is promised; the rest is for a machine that does much else. */
  public static final DueLimits DEFAULT =
      new DueLimits(Duration.ofSeconds(3), Duration.ofSeconds(10));
}
