package dev.parley.entity;

import dev.parley.entity.SessionMessage.Reclaimed;
import dev.parley.journal.Reclaim;
import dev.parley.journal.RepeatedFailure;
import dev.parley.journal.SnapshotCodec;
import dev.parley.journal.StoredSnapshot;
import dev.parley.session.Session;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionId;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.typed.SnapshotAdapter;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** When a session takes snapshots, what they hold, and the space that each of them sets free. */
final class Snapshots implements SnapshotAdapter<Session> {
  private static final RepeatedFailure FAILED =
      new RepeatedFailure(
          LoggerFactory.getLogger(Snapshots.class),
          "A session's snapshot could not be stored, its recovery will take longer");

  private final SessionId id;
  private final EntitySettings settings;
  private final Space space;
  private final ActorRef<SessionMessage> self;
  private final SnapshotPace pace;
  private final TrimmedSpace trimmedSpace;

  /** What may be left over from before the session fell asleep. */
  private @Nullable Reclaim leftOver;

  Snapshots(SessionId id, EntitySettings settings, Space space, ActorRef<SessionMessage> self) {
    this.id = id;
    this.settings = settings;
    this.space = space;
    this.self = self;
    this.pace =
        new SnapshotPace(
            settings.snapshotEveryEvents(),
            settings.snapshotEveryBytes(),
            settings.snapshotEveryTrimmedBytes());
    this.trimmedSpace = new TrimmedSpace(SessionEntity.persistenceId(id).id());
  }

  boolean isDue(Session session, SessionEvent event) {
    return pace.isDue(session, event);
  }

  /** Nothing is committed while a snapshot is being written, so this is the state it holds. */
  void completed(Session session) {
    pace.taken(session);
    reclaim(trimmedSpace.due(session));
  }

  /**
   * The next one is due as if this one had been taken; all it would have held is in the journal.
   */
  void failed(Session session, Throwable failure) {
    FAILED.warn(failure);
    pace.taken(session);
  }

  /** A snapshot that a purge has made void says nothing. */
  void recovered(Session session) {
    if (leftOver != null && leftOver.version() < session.retention().generation()) {
      purged(session);
    } else if (leftOver != null && !leftOver.trims().isEmpty()) {
      reclaim(leftOver);
    }
    leftOver = null;
  }

  private void reclaim(Reclaim reclaim) {
    space.reclaim(reclaim, () -> self.tell(new Reclaimed(reclaim)));
  }

  void reclaimed(Session session, Reclaimed reclaimed) {
    if (reclaimed.reclaim().version() >= session.retention().generation()) {
      trimmedSpace.done(reclaimed.reclaim());
    }
  }

  /** Begins anew: there is nothing left that could be in a snapshot. */
  void purged(Session session) {
    pace.taken(session);
    trimmedSpace.restore(Map.of());
  }

  /** A commit has failed; recovery tells how it stands. */
  void forget() {
    pace.reset();
    trimmedSpace.restore(Map.of());
  }

  @Override
  public Object toJournal(Session session) {
    return SnapshotCodec.encode(session, trimmedSpace.reclaimedTo());
  }

  @Override
  public Session fromJournal(Object stored) {
    SnapshotCodec.Restored restored = SnapshotCodec.decode(id, (StoredSnapshot) stored);
    pace.taken(restored.session());
    trimmedSpace.restore(restored.reclaimedTo());
    leftOver = trimmedSpace.due(restored.session());
    return restored.session().keptFor(settings.retention());
  }
}
