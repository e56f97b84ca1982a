package dev.parley.entity.webchat;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * Everything the actor of an organization receives. Questions are answered by {@link
 * OrganizationReply}. Those that need a key bring a fresh one along, which is taken when there is
 * none.
 */
sealed interface OrganizationMessage {
  /**
   * @param widgetDomain null leaves it
   * @param allowedOrigins null leaves them
   */
  record Change(
      @Nullable WidgetDomain widgetDomain,
      @Nullable List<String> allowedOrigins,
      String freshKey,
      ActorRef<OrganizationReply> replyTo)
      implements OrganizationMessage {}

  /** Asks for the settings with a key. */
  record Tell(String freshKey, ActorRef<OrganizationReply> replyTo)
      implements OrganizationMessage {}

  /** Takes another key. */
  record Rotate(String freshKey, ActorRef<OrganizationReply> replyTo)
      implements OrganizationMessage {}

  /** Asks for the settings as they are, and changes nothing. */
  record Look(ActorRef<OrganizationReply> replyTo) implements OrganizationMessage {}

  /** From the shard: the organization is to move. */
  enum Stop implements OrganizationMessage {
    INSTANCE
  }
}
