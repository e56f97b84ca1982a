package dev.parley.chaos;

import java.time.Duration;

/**
 * A fault of a schedule.
 *
 * @param quiet how long everything has served before it begins
 * @param node whom it concerns; -1 when it concerns no single node
 * @param length from the blow to the cure: until the process is started again, until it goes on
 */
record PlannedFault(Duration quiet, FaultKind kind, int node, Duration length) {
  @Override
  public String toString() {
    return "%s%s for %.1f s after %.1f s"
        .formatted(
            kind.title(),
            node < 0 ? "" : " of node " + node,
            length.toMillis() / 1e3,
            quiet.toMillis() / 1e3);
  }
}
