package dev.parley.agent.attached;

import java.time.Instant;
import java.util.List;

/** What a worker is told. */
public sealed interface WorkerReply {
  /**
   * It is attached.
   *
   * @param expiresAt when its lease ends if nothing more is heard of it
   * @param turns what it has; one that it does not know was handed to it in an answer that was lost
   */
  record Attached(Instant expiresAt, List<HandedTurn> turns) implements WorkerReply {
    public Attached {
      turns = List.copyOf(turns);
    }
  }

  /** The agent has as many workers as it can have. */
  record Full() implements WorkerReply {}

  /** A turn, which is the worker's for as long as its lease lives. */
  record Handed(HandedTurn turn) implements WorkerReply {}

  /** No turn came in time. */
  record Nothing() implements WorkerReply {}

  /** The worker has not attached, or its lease has ended, and with it its claims. */
  record NotAttached() implements WorkerReply {}

  /** It has left, now or before. */
  record Left() implements WorkerReply {}
}
