package dev.parley.auth;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * The {@code expirationTime} of a request for a public token (trigger.md 2.2): at least a second
 * and at most 30 days ahead, in whole seconds. No number is too large to be judged.
 */
public sealed interface ExpirationTime {
  /** Without an {@code expirationTime}. */
  Duration DEFAULT = Duration.ofMinutes(15);

  /** The farthest that is granted. */
  Duration LONGEST = Duration.ofDays(30);

  record At(Instant instant) implements ExpirationTime {}

  /**
   * Answered with status 400.
   *
   * @param error the {@code error} of the body (trigger.md 2.2)
   */
  record Rejected(String error) implements ExpirationTime {}

  /** {@link #DEFAULT} from now. */
  static ExpirationTime byDefault(Clock clock) {
    return fromNow(BigDecimal.valueOf(DEFAULT.toSeconds()), clock.instant().getEpochSecond());
  }

  /** A JSON number: seconds since the epoch; a fraction is cut off. */
  static ExpirationTime ofEpochSeconds(double epochSeconds, Clock clock) {
    if (Double.isNaN(epochSeconds)) {
      return new Rejected("Invalid expiration time");
    }
    long now = clock.instant().getEpochSecond();
    // Far beyond the bounds in either direction, yet no overflow: the judgement stays the same.
    double judged = Math.max(-1e15, Math.min(1e15, Math.floor(epochSeconds)));
    return fromNow(BigDecimal.valueOf((long) judged - now), now);
  }

  /**
   * A JSON string: a span from now, {@code (+|-)?N unit (ago|from now)?}. As in the client's own
   * parser, a sign and a suffix exclude each other, and fractions round to whole seconds.
   */
  static ExpirationTime ofSpan(String span, Clock clock) {
    return Spans.signedSeconds(span)
        .map(seconds -> fromNow(seconds, clock.instant().getEpochSecond()))
        .orElseGet(() -> new Rejected("Invalid expiration time"));
  }

  private static ExpirationTime fromNow(BigDecimal exactSeconds, long now) {
    BigDecimal seconds = exactSeconds.setScale(0, RoundingMode.HALF_UP);
    if (seconds.signum() <= 0) {
      return new Rejected("Expiration time must be in the future");
    }
    if (seconds.compareTo(BigDecimal.valueOf(LONGEST.toSeconds())) > 0) {
      return new Rejected("Expiration time cannot exceed 30 days");
    }
    return new At(Instant.ofEpochSecond(now + seconds.longValueExact()));
  }
}
