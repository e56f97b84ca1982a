package dev.parley.session;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The lifetime of a session that has a timeout policy, and what the lifecycle channel has said of
 * it.
 *
 * @param reportedAt the time of the last {@code renewed} record; null when there was none
 * @param unreported the cause of the newest renewal, if it has no record yet
 */
public record Clockwork(
    Lifetime lifetime, @Nullable Instant reportedAt, @Nullable Activity unreported) {
  /** Output of an agent is noted so often at most, or every token would write a row more. */
  static final long AGENT_NOTE_MILLIS = 1_000;

  static Clockwork create(TimeoutPolicy policy, Instant now) {
    return new Clockwork(Lifetime.create(policy, now), null, null);
  }

  Clockwork with(Lifetime changed) {
    return new Clockwork(changed, reportedAt, unreported);
  }

  Clockwork after(SessionEvent.Touched touched) {
    return switch (touched.report()) {
      case NONE -> with(touched.lifetime());
      case LATER -> new Clockwork(touched.lifetime(), reportedAt, touched.cause());
      case NOW -> new Clockwork(touched.lifetime(), touched.at(), null);
    };
  }

  /** When renewals that had to wait for their record get one; null when none waits. */
  @Nullable Instant reportDue() {
    return unreported == null || reportedAt == null
        ? null
        : reportedAt.plus(RenewedRecords.SPACING);
  }

  /** Whether output of an agent at this instant is worth noting. */
  boolean notesAgent(Instant now) {
    return now.toEpochMilli() - lifetime.lastActivity().toEpochMilli() >= AGENT_NOTE_MILLIS;
  }

  /** The event that an activity leaves, which did not come too late. */
  SessionEvent.Touched touched(Touch touch, Activity activity, Instant now) {
    if (touch instanceof Touch.Noted noted) {
      return new SessionEvent.Touched(noted.lifetime(), activity, now, SessionEvent.Report.NONE);
    }
    if (touch instanceof Touch.Renewed renewed) {
      return new SessionEvent.Touched(
          renewed.lifetime(),
          activity,
          now,
          RenewedRecords.isDue(reportedAt, now)
              ? SessionEvent.Report.NOW
              : SessionEvent.Report.LATER);
    }
    throw new IllegalStateException("an expired session is refused before it is touched");
  }
}
