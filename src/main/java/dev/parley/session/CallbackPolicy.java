package dev.parley.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * When a callback that was not taken is tried again: after a pause that doubles with each try and
 * is up to a quarter longer by chance, so that those that failed together do not come back
 * together.
 *
 * @param firstPause the shortest, after the first try
 * @param longestPause chance included; at least the first
 * @param giveUpAfter no try begins later than this after the callback became due, but for the first
 */
public record CallbackPolicy(Duration firstPause, Duration longestPause, Duration giveUpAfter) {
  private static final double JITTER = 0.25;

  /**
   * @throws IllegalArgumentException when a time is not what it must be
   */
  public CallbackPolicy {
    if (firstPause.toMillis() < 1 || longestPause.compareTo(firstPause) < 0) {
      throw new IllegalArgumentException(
          "first-pause is %s and longest-pause %s; the first must be 1ms at least, and the longest no shorter"
              .formatted(firstPause, longestPause));
    }
    if (giveUpAfter.isNegative()) {
      throw new IllegalArgumentException(
          "give-up-after is %s; it must not be negative".formatted(giveUpAfter));
    }
  }

  /**
   * When to try again; empty to give up.
   *
   * @param seed of the chance
   * @param failed tries, this one included: at least 1
   */
  Optional<Instant> nextTry(Instant owedSince, String seed, int failed, Instant now) {
    Instant next = now.plus(pause(seed, failed));
    return next.isAfter(owedSince.plus(giveUpAfter)) ? Optional.empty() : Optional.of(next);
  }

  private Duration pause(String seed, int failed) {
    double chance = new SplittableRandom(31L * seed.hashCode() + failed).nextDouble();
    double longest = longestPause.toMillis();
    double doubled = firstPause.toMillis() * Math.pow(2, failed - 1);
    double pause = Math.min(doubled, longest / (1 + JITTER)) * (1 + JITTER * chance);
    // Where the two are close to each other the division takes more than chance gives back.
    return Duration.ofMillis(Math.max(firstPause.toMillis(), (long) pause));
  }
}
