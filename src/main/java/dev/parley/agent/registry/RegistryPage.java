package dev.parley.agent.registry;

import dev.parley.agent.AgentDefinition;
import java.util.List;
import java.util.Map;

/**
 * What a reader of a registry lacks.
 *
 * @param version what the reader has with this page
 * @param complete false when there is more, and what the reader has is not yet a whole
 * @param present the ids of all agents there are, in lower case, in the order of their registration
 * @param changed agents that have changed since, as far as they fit into a page
 * @param switched all agents of the configuration that were started or stopped, by id in lower case
 */
record RegistryPage(
    long version,
    boolean complete,
    List<String> present,
    List<AgentDefinition> changed,
    Map<String, Boolean> switched) {
  RegistryPage {
    present = List.copyOf(present);
    changed = List.copyOf(changed);
    switched = Map.copyOf(switched);
  }
}
