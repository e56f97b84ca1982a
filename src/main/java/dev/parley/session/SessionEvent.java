package dev.parley.session;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Everything that can happen to a session. Each is one row of the journal. */
public sealed interface SessionEvent {
  /**
   * The row came into being.
   *
   * @param timeout what moves its end; null when the row's own deadline is all there is
   * @param agentId who answers the records of {@code .in}; null for nobody
   */
  record Created(SessionInfo info, @Nullable TimeoutPolicy timeout, @Nullable String agentId)
      implements SessionEvent {}

  /** The changeable part of the row, whole, as it is from now on. */
  record Updated(
      String triggerConfig,
      List<String> tags,
      @Nullable String metadata,
      @Nullable Instant expiresAt,
      Instant at)
      implements SessionEvent {
    public Updated {
      tags = List.copyOf(tags);
    }
  }

  /** No more appends from here on. */
  record Closed(Instant at, @Nullable String reason) implements SessionEvent {}

  /** Another run took over. */
  record RunSwapped(String runId, Instant at) implements SessionEvent {}

  /** What the lifecycle channel says of an activity (across.md section 2). */
  enum Report {
    /** Nothing: the end is where it was. */
    NONE,
    /** A record is to follow, since the last one is too recent. */
    LATER,
    /** A record stands in the same commit. */
    NOW
  }

  /** Somebody was active. */
  record Touched(Lifetime lifetime, Activity cause, Instant at, Report report)
      implements SessionEvent {
    Touched with(Report changed) {
      return new Touched(lifetime, cause, at, changed);
    }
  }

  /** The timeout policy was changed. */
  record TimeoutChanged(Lifetime lifetime, Instant at) implements SessionEvent {}

  /** The warning before the end was given. */
  record Warned(Instant at) implements SessionEvent {}

  /**
   * The end came.
   *
   * @param expiresAt the end itself
   */
  record Expired(Instant expiresAt, Instant noticedAt) implements SessionEvent {}

  /** An agent is at work, for the first time on this record or once more. */
  record TurnStarted(Turn turn) implements SessionEvent {}

  /**
   * A turn is over, and the records below {@code answeredTo} need no answer any more.
   *
   * @param startedAt when its last attempt began
   */
  record TurnEnded(long seq, long answeredTo, TurnOutcome outcome, Instant startedAt, Instant at)
      implements SessionEvent {}

  /**
   * Somebody waits. Those who wait on a stream are completed by its records, without an event of
   * their own.
   */
  record WaitpointCreated(Waitpoint waitpoint) implements SessionEvent {}

  /** A waitpoint was completed explicitly. */
  record WaitpointCompleted(String id, Waitpoint.Outcome outcome) implements SessionEvent {}

  /**
   * Deadlines have come.
   *
   * @param ids in the order of the deadlines
   */
  record WaitpointsTimedOut(List<String> ids, Instant at) implements SessionEvent {
    public WaitpointsTimedOut {
      ids = List.copyOf(ids);
    }
  }

  /**
   * Callbacks are owed, are to be tried again, or are settled.
   *
   * @param ids of their waitpoints; at least one
   * @param tries that have failed so far; 0 when they have just become due
   * @param nextTry null when they are settled
   */
  record CallbacksMoved(List<String> ids, int tries, @Nullable Instant nextTry, Instant at)
      implements SessionEvent {
    public CallbacksMoved {
      ids = List.copyOf(ids);
    }
  }

  /**
   * Everything before it is as if it had never been. What the journal holds of it goes afterwards,
   * so that this event is the first that is left.
   *
   * @param version of this very event
   */
  record Purged(long version, Instant at) implements SessionEvent {}

  /**
   * A copy of the session begins to be put in its place. Until it has been, nothing of it is seen.
   *
   * @param target what the session is to become, as {@link Portrait} makes it
   */
  record RestoreBegun(Session target, Instant at) implements SessionEvent {}

  /** Of a stream that is being restored, the records below the number were trimmed. */
  record RestoreTrimmed(Channel channel, long toSeq) implements SessionEvent {}

  /**
   * A stream that is being restored remembers these, too.
   *
   * @param batches whether they are ids of batches
   */
  record PartIdsRestored(Channel channel, boolean batches, PartIdWindow.Block ids)
      implements SessionEvent {}

  /**
   * All of the copy is in its place, and the session is what it was when the copy was made. Comes
   * behind {@link Created}, if there is a row.
   *
   * @param session as {@link Portrait} makes it
   */
  record Restored(Session session, Instant at) implements SessionEvent {
    /**
     * When the session has to look up.
     *
     * @param retention how long a session stays behind its end; null for ever
     */
    public @Nullable Instant due(@Nullable Duration retention) {
      Session kept = session.keptFor(retention);
      return DueRules.earlier(DueRules.nextLook(kept, at), kept.nextDue(at));
    }
  }

  /**
   * Records of one or more streams in one commit.
   *
   * @param appends in the order they were decided; at least one, unless trimmed
   * @param trimmed whether records that a trim took are no longer in it; such an event can be read
   *     for what it still holds, but no state follows from it
   */
  record RecordsAppended(List<StreamAppend> appends, boolean trimmed) implements SessionEvent {
    public RecordsAppended {
      appends = List.copyOf(appends);
    }

    public RecordsAppended(List<StreamAppend> appends) {
      this(appends, false);
    }
  }
}
