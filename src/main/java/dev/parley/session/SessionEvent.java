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
   * Records of one or more streams in one commit.
   *
   * @param appends at least one, in the order they were decided
   */
  record RecordsAppended(List<StreamAppend> appends) implements SessionEvent {
    public RecordsAppended {
      appends = List.copyOf(appends);
    }
  }
}
