package dev.parley.entity.webchat;

import org.apache.pekko.actor.typed.ActorRef;

/** Everything the actor of an event receives. */
sealed interface EntryPointMessage {
  /** Lets the event lead there. */
  record Put(EntryPoint entryPoint, ActorRef<EntryPointReply> replyTo)
      implements EntryPointMessage {}

  /** Lets the event lead nowhere. */
  record Remove(ActorRef<EntryPointReply> replyTo) implements EntryPointMessage {}

  /** Asks where the event leads. */
  record Tell(ActorRef<EntryPointReply> replyTo) implements EntryPointMessage {}

  /** From the shard: the event is to move. */
  enum Stop implements EntryPointMessage {
    INSTANCE
  }
}
