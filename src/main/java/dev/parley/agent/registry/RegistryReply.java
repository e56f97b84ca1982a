package dev.parley.agent.registry;

/** What a change of the registry came to. */
public sealed interface RegistryReply {
  /**
   * It is as was asked for, now or already.
   *
   * @param version of the registry in which it is so
   * @param created whether the agent is new
   */
  record Done(long version, boolean created) implements RegistryReply {}

  /** No agent has this id. */
  record NoSuchAgent() implements RegistryReply {}

  /**
   * The agent can't be beside the others, or is not to be changed by API.
   *
   * @param reason for people, with what to do
   */
  record Conflict(String reason) implements RegistryReply {}
}
