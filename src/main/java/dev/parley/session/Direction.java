package dev.parley.session;

/** Which way the records of a stream flow, seen from the agent. */
public enum Direction {
  IN,
  OUT;

  /** As it stands in a URL: {@code in} or {@code out}. */
  public String wireName() {
    return this == IN ? "in" : "out";
  }
}
