package dev.parley.projection;

import dev.parley.session.SessionStatus;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions to list and which page of them (trigger.md section 3.6). A session must pass every
 * filter; it passes one with several values when any of them fits. An empty filter lets all pass.
 *
 * @param tags the session has at least one of them
 * @param createdFrom inclusive
 * @param createdTo inclusive
 * @param size sessions on a page, 1 to {@link #MAX_SIZE}
 * @param after the page begins with the newest session older than this
 * @param before the page ends with the oldest session newer than this; never together with {@code
 *     after}
 * @param now the time at which the status is derived
 */
public record Query(
    String environmentId,
    List<String> types,
    List<String> tags,
    List<String> taskIdentifiers,
    @Nullable String externalId,
    Set<SessionStatus> statuses,
    @Nullable Instant createdFrom,
    @Nullable Instant createdTo,
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
    types = List.copyOf(types);
    tags = List.copyOf(tags);
    taskIdentifiers = List.copyOf(taskIdentifiers);
    statuses = Set.copyOf(statuses);
  }
}
