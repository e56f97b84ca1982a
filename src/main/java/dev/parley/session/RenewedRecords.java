package dev.parley.session;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Which renewals the lifecycle channel reports (across.md section 2). */
public final class RenewedRecords {
  /** Renewals closer together than this become one record. */
  public static final Duration SPACING = Duration.ofSeconds(10);

  private RenewedRecords() {}

  /**
   * Whether a renewal at this instant gets a record of its own. The first one does; it stands for
   * those that follow within {@link #SPACING}, and the next record carries the state of its time.
   *
   * @param last the time of the last {@code renewed} record; null if there is none
   */
  public static boolean isDue(@Nullable Instant last, Instant now) {
    return last == null || !now.isBefore(last.plus(SPACING));
  }
}
