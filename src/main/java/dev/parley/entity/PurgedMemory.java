package dev.parley.entity;

import dev.parley.session.Session;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionReply;
import java.util.List;
import java.util.Map;

/**
 * What a session's actor remembers beside the state, and lets go of with a purge, so that nothing
 * of one generation reaches the next.
 */
final class PurgedMemory {
  private final PendingAppends pending;
  private final HotTail hotTail;
  private final WaitingReads waitingReads;
  private final SnapshotPace snapshotPace;
  private final TrimmedSpace trimmedSpace;

  PurgedMemory(
      PendingAppends pending,
      HotTail hotTail,
      WaitingReads waitingReads,
      SnapshotPace snapshotPace,
      TrimmedSpace trimmedSpace) {
    this.pending = pending;
    this.hotTail = hotTail;
    this.waitingReads = waitingReads;
    this.snapshotPace = snapshotPace;
    this.trimmedSpace = trimmedSpace;
  }

  /** Before what these durable events hold is shown to anybody. */
  void forget(Session session, List<? extends SessionEvent> events) {
    if (events.stream().noneMatch(SessionEvent.Purged.class::isInstance)) {
      return;
    }
    pending.takeAll().forEach(append -> append.replyTo().tell(new SessionReply.NoSuchSession()));
    hotTail.clear();
    waitingReads.drainAll(read -> read.replyTo().tell(new ReadReply.Gone()));
    snapshotPace.taken(session);
    trimmedSpace.restore(Map.of());
  }

  /**
   * After recovery from a snapshot that a purge has made void.
   *
   * @param version of the snapshot
   */
  boolean outlived(Session session, long version) {
    if (version >= session.retention().generation()) {
      return false;
    }
    snapshotPace.taken(session);
    trimmedSpace.restore(Map.of());
    return true;
  }
}
