package dev.parley.entity.account;

import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;

/** Everything the actor of a key receives that counts tries. */
sealed interface TriesMessage {
  /**
   * Somebody is about to try.
   *
   * @param limit of tries in a window
   * @param window how long a window lasts that begins with this
   */
  record Try(long limit, Duration window, ActorRef<Tried> replyTo) implements TriesMessage {}

  /** One of the tries that were allowed has succeeded, so it does not count. */
  record Forgive() implements TriesMessage {}

  /** To itself: the window is over. */
  enum Over implements TriesMessage {
    INSTANCE
  }

  /** From the shard: the actor is to end or to move. */
  enum Stop implements TriesMessage {
    INSTANCE
  }
}
