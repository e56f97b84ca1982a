package dev.parley.chaos;

/** Ways to break the server, to see that a run finds it. */
enum Sabotage {
  /** The memory of part ids is empty. */
  FORGET_PART_IDS,
  /** An append is acknowledged before it is durable. */
  ANSWER_BEFORE_COMMIT,
  /** A node that was given up while it stood still goes on with what it remembers. */
  TRUST_MEMORY_AFTER_PAUSE
}
