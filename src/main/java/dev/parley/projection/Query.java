package dev.parley.projection;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions to list and which page of them (trigger.md section 3.6).
 *
 * @param size sessions on a page, 1 to {@link #MAX_SIZE}
 * @param after the page begins with the newest session older than this
 * @param before the page ends with the oldest session newer than this; never together with {@code
 *     after}
 * @param now the time at which the status is derived
 */
public record Query(
    String environmentId,
    Filter filter,
    int size,
    @Nullable Cursor after,
    @Nullable Cursor before,
    Instant now) {
  public static final int MAX_SIZE = 100;

  /**
   * @throws IllegalArgumentException when the size is out of bounds or both cursors are given
   */
  public Query {
    if (size < 1 || size > MAX_SIZE) {
      throw new IllegalArgumentException("size must be 1 to " + MAX_SIZE + ", got " + size);
    }
    if (after != null && before != null) {
      throw new IllegalArgumentException("a page lies after one cursor or before one, not both");
    }
  }

  /** A query that is only to be counted. */
  public static Query counting(String environmentId, Filter filter, Instant now) {
    return new Query(environmentId, filter, 1, null, null, now);
  }

  /** Whether a place lies in the range that the page is taken from. */
  boolean reaches(Cursor place) {
    return after == null || place.compareTo(after) < 0;
  }
}
