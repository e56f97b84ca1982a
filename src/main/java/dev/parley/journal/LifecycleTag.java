package dev.parley.journal;

import dev.parley.session.SessionEvent;
import dev.parley.session.SessionId;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The tags by which the projection finds the events that change a session's row. Records carry
 * none: tagged events are written one by one, which costs appends more than half their speed.
 */
public final class LifecycleTag {
  private static final int SLICES = 4;

  /** All tags; each is one slice of the sessions. */
  public static final List<String> ALL =
      IntStream.range(0, SLICES).mapToObj(slice -> "lifecycle-" + slice).toList();

  private LifecycleTag() {}

  /**
   * The tags of an event: none for records, for activity that the lifecycle channel does not
   * report, and for what became of tries of callbacks, which brings nothing nearer; else the one
   * tag of the session's slice.
   */
  public static Set<String> of(SessionId id, SessionEvent event) {
    boolean frequent =
        event instanceof SessionEvent.RecordsAppended
            || (event instanceof SessionEvent.Touched touched
                && touched.report() != SessionEvent.Report.NOW)
            || (event instanceof SessionEvent.CallbacksMoved moved
                && (moved.tries() > 0 || moved.nextTry() == null));
    return frequent ? Set.of() : Set.of(ALL.get(Math.floorMod(id.friendlyId().hashCode(), SLICES)));
  }
}
