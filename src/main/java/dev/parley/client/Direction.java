package dev.parley.client;

import java.util.Locale;

/** The two streams of a channel. */
public enum Direction {
  /** What is said to the agent. */
  IN,
  /** What the agent says. */
  OUT;

  /** As paths have it. */
  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
