package dev.parley.chaos.history;

/** What a client knows of a request when it ends. */
public enum Outcome {
  /** It was acknowledged. */
  OK,
  /** The server said no for a reason of the session: nothing was done and nothing will be. */
  REFUSED,
  /** No answer, or one that leaves open whether it was done. */
  UNKNOWN
}
