package dev.parley.agent.attached;

import dev.parley.agent.Offered;
import dev.parley.agent.OpenTurn;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** Everything the actor of an attached agent receives. */
sealed interface AttachedMessage {
  /** A worker attaches, or says that it lives. */
  record Attach(String worker, Duration lease, ActorRef<WorkerReply> replyTo)
      implements AttachedMessage {}

  /** A worker leaves; what it had is free. */
  record Leave(String worker, ActorRef<WorkerReply> replyTo) implements AttachedMessage {}

  /**
   * A worker asks for a turn; while there is none, the answer waits.
   *
   * @param maxWait how long at most
   */
  record Next(String worker, Duration maxWait, ActorRef<WorkerReply> replyTo)
      implements AttachedMessage {}

  /** Asks whether a worker lives. */
  record Living(ActorRef<Boolean> replyTo) implements AttachedMessage {}

  /** Offers a turn, for the first time or again. */
  record Offer(OpenTurn turn, @Nullable String claimedBy, ActorRef<Offered> replyTo)
      implements AttachedMessage {}

  /** A turn has ended. */
  record Withdraw(OpenTurn turn) implements AttachedMessage {}

  /** To itself: a worker has waited long enough. */
  record Waited(Next next) implements AttachedMessage {}

  /** To itself: look for leases that have ended. */
  enum Look implements AttachedMessage {
    INSTANCE
  }

  /** From the shard: the actor is to sleep or to move. */
  enum Stop implements AttachedMessage {
    INSTANCE
  }
}
