package dev.parley.projection;

import java.time.Duration;
import java.time.Instant;

/**
 * Of which sessions figures are wanted, and of which time.
 *
 * @param from inclusive, the beginning of a bucket
 * @param to exclusive, the end of a bucket
 * @param bucket whole minutes
 * @param now the time at which the status is derived
 */
public record StatsQuery(
    String environmentId,
    Filter filter,
    GroupBy groupBy,
    Instant from,
    Instant to,
    Duration bucket,
    Instant now) {
  /** Groups at most: those with the most sessions. */
  public static final int MAX_GROUPS = 50;

  /** What sessions of a group have in common. With {@link #TAG} a session is in several groups. */
  public enum GroupBy {
    NONE,
    TYPE,
    TASK_IDENTIFIER,
    TAG,
    AGENT,
    USER,
    STATUS
  }

  /**
   * @throws IllegalArgumentException when the span is not made of whole buckets
   */
  public StatsQuery {
    long width = bucket.toMillis();
    if (width < 60_000
        || width % 60_000 != 0
        || from.toEpochMilli() % width != 0
        || to.toEpochMilli() % width != 0
        || !from.isBefore(to)) {
      throw new IllegalArgumentException(
          "%s to %s is not made of buckets of %s".formatted(from, to, bucket));
    }
  }
}
