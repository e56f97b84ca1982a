package dev.parley.agent;

/**
 * The agents there are. What is asked for twice may differ: whoever decides something takes one
 * snapshot for it.
 */
@FunctionalInterface
public interface AgentRegistry {
  /** The agents as they are now. */
  AgentSnapshot now();

  /** A registry that never changes. */
  static AgentRegistry fixed(AgentSnapshot agents) {
    return () -> agents;
  }
}
