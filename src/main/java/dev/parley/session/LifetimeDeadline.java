package dev.parley.session;

import java.time.Instant;

/** An instant at which something about the lifetime of a session is to be reported. */
public record LifetimeDeadline(Kind kind, Instant at) {
  /** In the order in which they come. */
  public enum Kind {
    WARNING,
    EXPIRY
  }
}
