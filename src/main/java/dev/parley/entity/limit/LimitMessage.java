package dev.parley.entity.limit;

import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;

/** Everything the actor of a key receives. */
sealed interface LimitMessage {
  /**
   * Counts once more, unless that is beyond the limit.
   *
   * @param limit of what is counted in a window
   * @param window how long a window lasts that begins with this
   */
  record Take(long limit, Duration window, ActorRef<Taken> replyTo) implements LimitMessage {}

  /** One of those that were counted does not count after all. */
  record Forgive() implements LimitMessage {}

  /** To itself: the window is over, and there is nothing to be remembered. */
  enum Over implements LimitMessage {
    INSTANCE
  }

  /** From the shard: the actor is to end or to move. */
  enum Stop implements LimitMessage {
    INSTANCE
  }
}
