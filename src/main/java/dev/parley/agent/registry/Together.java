package dev.parley.agent.registry;

import dev.parley.agent.AgentDefinition;
import dev.parley.agent.AgentSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The agents of the configuration and those of a registry as one. */
final class Together {
  private Together() {}

  static AgentSnapshot of(AgentSnapshot configured, RegistryState state) {
    return of(configured, state.switched(), state.definitions(), conflict -> {});
  }

  /**
   * The configuration comes first. What was registered before an agent of the same id or for the
   * same task was configured is left out until one of them is changed.
   *
   * @param switched which agents of the configuration are started or not, by id in lower case,
   *     where it does not say so itself
   * @param conflicts told why an agent was left out
   */
  static AgentSnapshot of(
      AgentSnapshot configured,
      Map<String, Boolean> switched,
      List<AgentDefinition> registered,
      Consumer<String> conflicts) {
    List<AgentDefinition> all = new ArrayList<>();
    for (AgentDefinition agent : configured.all()) {
      all.add(
          agent.withStarted(switched.getOrDefault(RegistryState.key(agent.id()), agent.started())));
    }
    for (AgentDefinition agent : registered) {
      Optional<String> conflict = configured.conflict(agent);
      if (conflict.isEmpty()) {
        all.add(agent);
      } else {
        conflicts.accept(conflict.get());
      }
    }
    return new AgentSnapshot(all);
  }
}
