package dev.parley.entity;

import dev.parley.session.SessionId;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The sessions that are awake on this node and have something to come, and when that is. */
public final class AwakeSessions {
  private final Map<SessionId, Instant> dueTimes = new ConcurrentHashMap<>();
  private final LongAdder waiters = new LongAdder();

  /** How many waitpoints wait in sessions that are awake on this node. */
  LongAdder waiters() {
    return waiters;
  }

  /**
   * @param nextDue null for never
   */
  void set(SessionId session, @Nullable Instant nextDue) {
    if (nextDue == null) {
      dueTimes.remove(session);
    } else {
      dueTimes.put(session, nextDue);
    }
  }

  int count() {
    return dueTimes.size();
  }

  /** The one for which something falls due first, if that is by then. */
  Optional<Map.Entry<SessionId, Instant>> earliest(Instant by) {
    return dueTimes.entrySet().stream()
        .filter(entry -> !entry.getValue().isAfter(by))
        .min(Map.Entry.comparingByValue(Comparator.naturalOrder()));
  }
}
