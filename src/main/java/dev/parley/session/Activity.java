package dev.parley.session;

import java.util.Locale;

/** What can keep a session alive (eliza.md section 4, across.md sections 1 and 2). */
public enum Activity {
  /** A message of the user, by whichever face it came. */
  MESSAGE,
  HEARTBEAT,
  /** A call of {@code /renew}. */
  MANUAL,
  /** Output of the agent. */
  AGENT;

  /** The {@code cause} of a {@code renewed} record (across.md section 2). */
  public String cause() {
    return name().toLowerCase(Locale.ROOT);
  }
}
