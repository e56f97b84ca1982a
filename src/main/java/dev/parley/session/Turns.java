package dev.parley.session;

import org.jspecify.annotations.Nullable;

/**
 * What the agent of a session has answered and what it has still to answer: the records of {@code
 * .in} are its queue, and it answers one after the other.
 *
 * @param agentId who answers
 * @param answeredTo the records below it need no answer any more
 * @param current the turn under way; null exactly when no record waits
 */
public record Turns(String agentId, long answeredTo, @Nullable Turn current) {
  /** Records that may wait for their answers; a session with more takes no further ones. */
  public static final int MAX_WAITING = 1_000;

  Turns started(Turn turn) {
    return new Turns(agentId, answeredTo, turn);
  }

  Turns ended(long newAnsweredTo) {
    return new Turns(agentId, Math.max(answeredTo, newAnsweredTo), null);
  }

  /** Whether as many records wait as may. */
  boolean isFull(ChannelState in) {
    return current != null && in.nextSeq() - current.seq() >= MAX_WAITING;
  }
}
