package dev.parley.agent.registry;

import dev.parley.agent.AgentDefinition;

/** What has happened to the agents of an environment. */
sealed interface RegistryEvent {
  /** Registered, or changed as a whole. */
  record AgentPut(AgentDefinition agent) implements RegistryEvent {}

  /** Registered no more. */
  record AgentRemoved(String id) implements RegistryEvent {}

  /**
   * Started or stopped.
   *
   * @param configured whether it is an agent of the configuration
   */
  record AgentSwitched(String id, boolean started, boolean configured) implements RegistryEvent {}
}
