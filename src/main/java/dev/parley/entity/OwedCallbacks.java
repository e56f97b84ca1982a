package dev.parley.entity;

import dev.parley.session.Session;
import dev.parley.session.SessionCommand;
import dev.parley.session.Waitpoint;
import java.time.Instant;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;

/**
 * The callbacks of one session that are being tried. Known to this actor alone: after a restart
 * each that is not settled is tried again, under the same id.
 */
final class OwedCallbacks {
  private final Deliveries deliveries;
  private final Set<String> inFlight = new HashSet<>();

  OwedCallbacks(Deliveries deliveries) {
    this.deliveries = deliveries;
  }

  /** Hands in what is due, as many at a time as one session may. */
  void send(Session session, Instant now) {
    Iterator<Waitpoint> due = session.callbacksDue(now).iterator();
    while (inFlight.size() < deliveries.settings().sessionMaxInFlight() && due.hasNext()) {
      Waitpoint waitpoint = due.next();
      if (inFlight.contains(waitpoint.id())) {
        continue;
      }
      if (!deliveries.offer(session.id(), waitpoint)) {
        return;
      }
      inFlight.add(waitpoint.id());
    }
  }

  /** What the core is to be told of a try. */
  SessionCommand.CallbackTried tried(SessionMessage.CallbackDone done) {
    inFlight.remove(done.id());
    return new SessionCommand.CallbackTried(
        done.id(), done.settled(), deliveries.settings().policy());
  }

  /** Forgets what is in flight: the actor begins anew. */
  void reset() {
    inFlight.clear();
  }
}
