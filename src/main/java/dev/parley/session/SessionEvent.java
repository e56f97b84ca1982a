package dev.parley.session;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Everything that can happen to a session. Each is one row of the journal. */
public sealed interface SessionEvent {
  /** The row came into being. */
  record Created(SessionInfo info) implements SessionEvent {}

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
