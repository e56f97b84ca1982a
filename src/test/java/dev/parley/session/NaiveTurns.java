package dev.parley.session;

import org.jspecify.annotations.Nullable;

/** Who answers, and what: as one would write it down first. */
final class NaiveTurns {
  @Nullable String agent;
  long answeredTo;

  /** The record under way; -1 for none. */
  long current = -1;

  int attempt;
  long lastMessageAt;

  /** Whenever it began: the property test sees to that. */
  boolean isUnderWay(Turn turn) {
    return current >= 0 && turn.seq() == current && turn.attempt() == attempt;
  }

  /** A record of {@code .in} wants an answer. */
  void ask(long seq) {
    if (agent != null && current < 0) {
      begin(seq);
    }
  }

  private void begin(long seq) {
    current = seq;
    attempt = 1;
  }

  /** The agent goes on with what has come since. */
  void end(long to, NaiveSession.Stream in) {
    answeredTo = Math.max(answeredTo, to);
    current = -1;
    if (in.newestSeq() >= answeredTo) {
      begin(answeredTo);
    }
  }

  /** Somebody else has ended the turn, and says how much of {@code .in} that answers. */
  void endByWriter(RecordContent turnComplete, NaiveSession.Stream in) {
    boolean earlier = turnComplete.consumedSeq() >= 0 && turnComplete.consumedSeq() < current;
    if (current >= 0 && !earlier) {
      long consumed = Math.max(current, turnComplete.consumedSeq());
      end(Math.min(consumed, in.records.size() - 1) + 1, in);
    }
  }

  void interrupt(NaiveSession.Stream in) {
    answeredTo = in.records.size();
    current = -1;
  }

  /** A message gets a millisecond of its own. */
  long timeOfMessage(long now) {
    return Math.max(now, lastMessageAt + 1);
  }

  @Override
  public String toString() {
    return agent + " answered to " + answeredTo + ", at " + current + " for the " + attempt + ".";
  }
}
