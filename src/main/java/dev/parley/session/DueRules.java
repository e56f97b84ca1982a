package dev.parley.session;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What follows from the time alone, in the order of the deadlines (design.md section 3.7). */
final class DueRules {
  private final Session session;
  private final Instant now;

  DueRules(Session session, Instant now) {
    this.session = session;
    this.now = now;
  }

  /** What has fallen due and is not decided yet; each thing once. */
  List<SessionEvent> events() {
    Instant next = session.nextDue();
    if (next == null || next.isAfter(now)) {
      return List.of();
    }
    List<SessionEvent> events = new ArrayList<>();
    List<Waitpoint> timedOut = session.waitpoints().due(now);
    if (!timedOut.isEmpty()) {
      events.add(
          new SessionEvent.WaitpointsTimedOut(timedOut.stream().map(Waitpoint::id).toList(), now));
    }
    return events;
  }
}
