package dev.parley.entity;

import dev.parley.journal.Reclaim;
import dev.parley.session.Channel;
import dev.parley.session.Session;
import java.util.HashMap;
import java.util.Map;

/**
 * How far the journal of one session has been relieved of trimmed records. Snapshots keep it, so
 * that what a crash left over is done once the session is awake again, and nothing is looked for
 * twice.
 */
final class TrimmedSpace {
  private final String persistenceId;
  private final Map<Channel, Long> reclaimedTo = new HashMap<>();

  TrimmedSpace(String persistenceId) {
    this.persistenceId = persistenceId;
  }

  /** For each stream that was trimmed: no event holds a record below this number. */
  Map<Channel, Long> reclaimedTo() {
    return Map.copyOf(reclaimedTo);
  }

  /** Goes on from what a snapshot kept. */
  void restore(Map<Channel, Long> kept) {
    reclaimedTo.clear();
    reclaimedTo.putAll(kept);
  }

  /** What can be given back now that this state is kept. */
  Reclaim due(Session snapshot) {
    return Reclaim.of(persistenceId, snapshot, reclaimedTo);
  }

  /** All of it has been given back. */
  void done(Reclaim reclaim) {
    reclaim
        .trimPoints()
        .forEach((channel, trimPoint) -> reclaimedTo.merge(channel, trimPoint, Math::max));
  }
}
