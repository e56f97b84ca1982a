package dev.parley.session;

/** How a turn of an agent ended. */
public enum TurnOutcome {
  /** With an answer, or with nothing to say. */
  ANSWERED,
  /** By the user, with what had been said so far. */
  STOPPED,
  /** Without an answer. */
  FAILED,
  /** The record asked for none. */
  SKIPPED,
  /** The session ended first. */
  INTERRUPTED
}
