package dev.parley.entity;

import dev.parley.session.Session;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionReply;
import java.util.List;

/**
 * Hears of what sessions of this node have made durable, and how long that took. Called by their
 * actors and by those who ask them; must not block.
 */
@FunctionalInterface
public interface CommitListener {
  /**
   * @param after the session behind the commit that holds the event
   */
  void committed(Session after, SessionEvent event);

  /**
   * A commit has become durable.
   *
   * @param nanos since it was given to the journal
   */
  default void durable(long nanos) {}

  /**
   * An append that this node asked for, wherever its session is, was answered.
   *
   * @param nanos since it was asked for
   */
  default void answered(SessionReply reply, long nanos) {}

  /** Tells of a commit; what comes from a copy of the session has happened elsewhere. */
  default void committed(Session after, List<? extends SessionEvent> events) {
    boolean copied =
        after.restoring() != null
            || events.stream().anyMatch(SessionEvent.Restored.class::isInstance);
    if (!copied) {
      events.forEach(event -> committed(after, event));
    }
  }
}
