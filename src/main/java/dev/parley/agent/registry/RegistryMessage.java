package dev.parley.agent.registry;

import dev.parley.agent.AgentDefinition;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;

/** Everything the actor of a registry receives. */
sealed interface RegistryMessage {
  /** Registers an agent, or changes the one of that id. */
  record Put(AgentDefinition agent, ActorRef<RegistryReply> replyTo) implements RegistryMessage {}

  /** Registers an agent no more. */
  record Remove(String id, ActorRef<RegistryReply> replyTo) implements RegistryMessage {}

  /** Starts or stops an agent, also one of the configuration. */
  record Switch(String id, boolean started, ActorRef<RegistryReply> replyTo)
      implements RegistryMessage {}

  /**
   * Asks for what has changed; when nothing has, the answer waits.
   *
   * @param since the version that the reader has; 0 for none
   * @param maxWait how long to wait for a change at most
   */
  record Read(long since, Duration maxWait, ActorRef<RegistryPage> replyTo)
      implements RegistryMessage {}

  /** To itself: a reader has waited long enough. */
  record Waited(Read read) implements RegistryMessage {}

  /** From the shard: the registry is to move. */
  enum Stop implements RegistryMessage {
    INSTANCE
  }
}
