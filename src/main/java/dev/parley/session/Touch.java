package dev.parley.session;

import java.time.Instant;

/** What an activity did to the lifetime of a session (eliza.md section 4). */
public sealed interface Touch {
  /**
   * The timeout runs anew from this activity. Reported as {@code renewed}, also near the maximum
   * where the end stays.
   */
  record Renewed(Lifetime lifetime) implements Touch {}

  /** The time of the last activity is another one, the end is the same. */
  record Noted(Lifetime lifetime) implements Touch {}

  /** 410: the session had ended before. */
  record Expired(Instant expiresAt) implements Touch {}

  /**
   * 422: the maximum duration is over. Only {@link Activity#MANUAL} hears it (section 7).
   *
   * @param latestEnd the creation plus the maximum duration
   */
  record AtMaximum(Instant latestEnd) implements Touch {}
}
