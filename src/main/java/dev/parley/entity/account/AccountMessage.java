package dev.parley.entity.account;

import org.apache.pekko.actor.typed.ActorRef;

/** Everything the actors of this package receive. */
sealed interface AccountMessage {
  /** A command, and who wants to know what came of it. */
  record Question(AccountCommand command, ActorRef<AccountReply> replyTo)
      implements AccountMessage {}

  /** From the shard: the entity is to move or to sleep. */
  enum Stop implements AccountMessage {
    INSTANCE
  }
}
