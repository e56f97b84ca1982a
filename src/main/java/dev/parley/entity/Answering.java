package dev.parley.entity;

import dev.parley.session.SessionId;
import dev.parley.session.Turn;

/** Has an agent work on turns, outside of the session's actor. */
@FunctionalInterface
public interface Answering {
  /**
   * Begins. What the agent says comes back as commands of this very attempt, the last of which ends
   * the turn. Does not block and does not fail.
   */
  Work begin(SessionId session, String agentId, Turn turn);

  /** An attempt that was begun. Both methods may be called more than once, and at its end. */
  interface Work {
    /** Ends the turn with what was said so far. */
    void stop();

    /** Gives up without a word: the attempt is over, or goes on elsewhere. */
    void abandon();
  }
}
