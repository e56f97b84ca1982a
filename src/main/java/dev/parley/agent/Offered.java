package dev.parley.agent;

/** How an offered turn stands. */
public sealed interface Offered {
  /** Nobody has it yet. */
  record Waiting() implements Offered {}

  /** It is this worker's for as long as that lives. */
  record Claimed(String worker) implements Offered {}
}
