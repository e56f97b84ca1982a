package dev.parley.agent;

/**
 * The agents there are. What is asked for twice may differ: whoever decides something takes one
 * snapshot for it.
 */
@FunctionalInterface
public interface AgentRegistry {
  /**
   * The agents as they are now: those of the configuration, which serve every environment, and
   * those that were registered in this one.
   *
   * @param environmentId the tenant; of one that is not known there are those of the configuration
   */
  AgentSnapshot now(String environmentId);

  /** A registry that never changes. */
  static AgentRegistry fixed(AgentSnapshot agents) {
    return environmentId -> agents;
  }
}
