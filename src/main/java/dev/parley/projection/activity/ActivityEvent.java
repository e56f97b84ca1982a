package dev.parley.projection.activity;

import dev.parley.journal.JournalFeed;
import dev.parley.journal.StreamSummary;
import dev.parley.session.Channel;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionId;
import dev.parley.session.TurnOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that has happened to a session, in the terms of whoever counts.
 *
 * @param version sequence number of the journal's event
 * @param part which part of that event this is, from 0
 * @param channel of records; null for everything else
 * @param count records, waitpoints or callbacks; 1 for what comes one at a time
 * @param messages how many of the records are part of what user and agent have said
 * @param bytes metered size of the records
 * @param outcome how a turn or a waitpoint has ended; empty for others
 * @param took how long a turn took; null for others
 */
public record ActivityEvent(
    SessionId session,
    long version,
    int part,
    Instant at,
    Kind kind,
    @Nullable Channel channel,
    int count,
    int messages,
    long bytes,
    String outcome,
    @Nullable Duration took) {

  /** What it is that has happened. */
  public enum Kind {
    CREATED,
    UPDATED,
    RUN_SWAPPED,
    CLOSED,
    TOUCHED,
    TIMEOUT_CHANGED,
    WARNED,
    EXPIRED,
    TURN_STARTED,
    TURN_ENDED,
    WAITPOINT_CREATED,
    WAITPOINT_COMPLETED,
    WAITPOINT_TIMED_OUT,
    CALLBACK,
    RECORDS;

    /** The name in tables. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What an event of the journal means; nothing for that of a purge.
   *
   * @throws IllegalArgumentException when what is stored is damaged or of a later version
   */
  public static List<ActivityEvent> of(JournalFeed.Row row) {
    return row.hasRecords() ? of(row, row.streams()) : ofLife(row, row.event());
  }

  /**
   * What an event of records means.
   *
   * @param streams what it says of its streams
   */
  public static List<ActivityEvent> of(JournalFeed.Row row, List<StreamSummary> streams) {
    List<ActivityEvent> events = new ArrayList<>(streams.size());
    for (StreamSummary stream : streams) {
      events.add(
          new ActivityEvent(
              row.session(),
              row.version(),
              events.size(),
              stream.at(),
              Kind.RECORDS,
              stream.channel(),
              stream.records(),
              stream.messages(),
              stream.bytes(),
              "",
              null));
    }
    return events;
  }

  private static List<ActivityEvent> ofLife(JournalFeed.Row row, SessionEvent event) {
    if (event instanceof SessionEvent.Created created) {
      return one(row, Kind.CREATED, created.info().createdAt());
    }
    if (event instanceof SessionEvent.Updated updated) {
      return one(row, Kind.UPDATED, updated.at());
    }
    if (event instanceof SessionEvent.RunSwapped swapped) {
      return one(row, Kind.RUN_SWAPPED, swapped.at());
    }
    if (event instanceof SessionEvent.Closed closed) {
      return one(row, Kind.CLOSED, closed.at());
    }
    if (event instanceof SessionEvent.Touched touched) {
      return one(row, Kind.TOUCHED, touched.at());
    }
    if (event instanceof SessionEvent.TimeoutChanged changed) {
      return one(row, Kind.TIMEOUT_CHANGED, changed.at());
    }
    if (event instanceof SessionEvent.Warned warned) {
      return one(row, Kind.WARNED, warned.at());
    }
    if (event instanceof SessionEvent.Expired expired) {
      // A client may have named an end before there was time.
      Instant end = expired.expiresAt();
      return one(row, Kind.EXPIRED, end.isBefore(Instant.EPOCH) ? Instant.EPOCH : end);
    }
    if (event instanceof SessionEvent.TurnStarted started) {
      return one(row, Kind.TURN_STARTED, started.turn().startedAt());
    }
    if (event instanceof SessionEvent.TurnEnded ended) {
      Duration took = Duration.between(ended.startedAt(), ended.at());
      return List.of(
          new ActivityEvent(
              row.session(),
              row.version(),
              0,
              ended.at(),
              Kind.TURN_ENDED,
              null,
              1,
              0,
              0,
              label(ended.outcome()),
              took.isNegative() ? Duration.ZERO : took));
    }
    return ofWaiting(row, event);
  }

  private static List<ActivityEvent> ofWaiting(JournalFeed.Row row, SessionEvent event) {
    if (event instanceof SessionEvent.WaitpointCreated created) {
      return one(row, Kind.WAITPOINT_CREATED, created.waitpoint().createdAt());
    }
    if (event instanceof SessionEvent.WaitpointCompleted completed) {
      return some(row, Kind.WAITPOINT_COMPLETED, completed.outcome().at(), 1, "completed");
    }
    if (event instanceof SessionEvent.WaitpointsTimedOut timedOut) {
      int count = timedOut.ids().size();
      return some(row, Kind.WAITPOINT_TIMED_OUT, timedOut.at(), count, "timed_out");
    }
    if (event instanceof SessionEvent.CallbacksMoved moved) {
      return some(row, Kind.CALLBACK, moved.at(), moved.ids().size(), "");
    }
    boolean restoring =
        event instanceof SessionEvent.RestoreBegun
            || event instanceof SessionEvent.RestoreTrimmed
            || event instanceof SessionEvent.PartIdsRestored
            || event instanceof SessionEvent.Restored;
    if (restoring || event instanceof SessionEvent.Purged) {
      return List.of();
    }
    throw new IllegalArgumentException("no activity for " + event.getClass().getName());
  }

  private static List<ActivityEvent> one(JournalFeed.Row row, Kind kind, Instant at) {
    return some(row, kind, at, 1, "");
  }

  private static List<ActivityEvent> some(
      JournalFeed.Row row, Kind kind, Instant at, int count, String outcome) {
    return List.of(
        new ActivityEvent(
            row.session(), row.version(), 0, at, kind, null, count, 0, 0, outcome, null));
  }

  /** The name of an outcome in tables. */
  public static String label(TurnOutcome outcome) {
    return outcome.name().toLowerCase(Locale.ROOT);
  }

  /** Whether clients or agents have written: what makes a session active. */
  public boolean isWriting() {
    return channel != null && !channel.isServerOnly();
  }
}
