package dev.parley.entity;

import dev.parley.session.Session;
import dev.parley.session.SessionEvent;

/**
 * Hears of what sessions of this node have made durable. Called by their actors; must not block.
 */
@FunctionalInterface
public interface CommitListener {
  /**
   * @param after the session behind the commit that holds the event
   */
  void committed(Session after, SessionEvent event);
}
