package dev.parley.journal;

import dev.parley.session.SessionEvent;
import dev.parley.session.SessionId;
import dev.parley.session.StreamAppend;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The tags of events: those by which the projection finds what changes a session's row, and those
 * by which the messages of a session are found in the order of their time. Other records carry
 * none: tagged events are written one by one, which costs appends more than half their speed.
 */
public final class EventTags {
  private static final int SLICES = 4;

  /** All tags of the projection; each is one slice of the sessions. */
  public static final List<String> LIFECYCLE =
      IntStream.range(0, SLICES).mapToObj(slice -> "lifecycle-" + slice).toList();

  private EventTags() {}

  /**
   * The tags of an event. An activity that the lifecycle channel does not report has none, just as
   * the end of a turn, what came of a try of a callback, which brings nothing nearer, and the
   * pieces of a copy before the last; other changes have the one tag of the session's slice.
   */
  public static Set<String> of(SessionId id, SessionEvent event) {
    if (event instanceof SessionEvent.RecordsAppended appended) {
      return ofMessages(id, appended);
    }
    boolean frequent =
        event instanceof SessionEvent.TurnEnded
            || event instanceof SessionEvent.RestoreBegun
            || event instanceof SessionEvent.RestoreTrimmed
            || event instanceof SessionEvent.PartIdsRestored
            || (event instanceof SessionEvent.CallbacksMoved moved
                && (moved.tries() > 0 || moved.nextTry() == null))
            || (event instanceof SessionEvent.Touched touched
                && touched.report() != SessionEvent.Report.NOW);
    return frequent
        ? Set.of()
        : Set.of(LIFECYCLE.get(Math.floorMod(id.friendlyId().hashCode(), SLICES)));
  }

  private static Set<String> ofMessages(SessionId id, SessionEvent.RecordsAppended appended) {
    Set<String> tags = Set.of();
    for (StreamAppend append : appended.appends()) {
      for (StreamAppend.Entry entry : append.records()) {
        if (entry.message()) {
          tags = tags.isEmpty() ? new HashSet<>() : tags;
          tags.add(message(id, entry.timestamp()));
        }
      }
    }
    return tags;
  }

  /**
   * The tag of a message; tags of one session are ordered as their times.
   *
   * @param at Unix milliseconds, not negative
   */
  static String message(SessionId id, long at) {
    return "m:%s:%019d".formatted(id.friendlyId(), at);
  }
}
