package dev.parley.session;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How long a session stays behind its end, and when it was purged last.
 *
 * @param period what it stays for; null for ever. A setting of the server, of which nothing is
 *     stored
 * @param generation the version of the event that purged the session last, 0 if none has. What was
 *     made for another generation, a credential or a reader, is of no use for this one.
 */
public record Retention(@Nullable Duration period, long generation) {
  static final Retention FOREVER = new Retention(null, 0);

  Retention purgedAt(long version) {
    return new Retention(period, version);
  }

  /**
   * When a session with this row is to be purged; null for never. One without an end never is. It
   * stays as long behind its close, or else behind its expiry; an end that was put into the past
   * counts from the time when that was done.
   */
  @Nullable Instant purgeDue(@Nullable SessionInfo info) {
    if (info == null || period == null) {
      return null;
    }
    if (info.closedAt() != null) {
      return info.closedAt().plus(period);
    }
    Instant expired = info.expiredAt();
    if (expired == null) {
      return null;
    }
    return (expired.isBefore(info.updatedAt()) ? info.updatedAt() : expired).plus(period);
  }
}
