package dev.parley.chaos.history;

import dev.parley.chaos.history.Operation.Fault;
import java.util.List;

/** When what is due must have happened at the latest, given the faults of the run. */
final class DueTimes {
  /** Between two readings of the wall clock, of which one was rounded down. */
  static final long CLOCK_ERROR_MILLIS = 2;

  private final History history;
  private final DueLimits limits;
  private final List<Fault> faults;

  DueTimes(History history, DueLimits limits) {
    this.history = history;
    this.limits = limits;
    this.faults = history.all(Fault.class).toList();
  }

  /** Unix milliseconds at the latest for what is due then. */
  long latest(long dueMillis) {
    long latest = dueMillis + limits.ordinary().toMillis();
    for (Fault fault : faults) {
      if (millis(fault.start()) <= latest && dueMillis <= millis(fault.end())) {
        latest = Math.max(latest, millis(fault.end()) + limits.afterFault().toMillis());
      }
    }
    return latest;
  }

  long millis(long nanos) {
    return history.epochMillis(nanos);
  }
}
