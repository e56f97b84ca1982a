package dev.parley.session;

/** Derived from the row and the time, never stored (trigger.md section 3). */
public enum SessionStatus {
  ACTIVE,
  CLOSED,
  EXPIRED
}
