package dev.parley.agent;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The agents at one time. */
public final class AgentSnapshot {
  private final List<AgentDefinition> all;
  private final Map<String, AgentDefinition> byId = new HashMap<>();
  private final Map<String, AgentDefinition> byTask = new HashMap<>();

  /**
   * @throws IllegalArgumentException when two agents have the same id or serve the same task
   */
  public AgentSnapshot(List<AgentDefinition> agents) {
    all = List.copyOf(agents);
    for (AgentDefinition agent : all) {
      AgentDefinition other = byId.putIfAbsent(key(agent.id()), agent);
      if (other != null) {
        throw new IllegalArgumentException(
            "'%s' and '%s' have the same id %s; give one of them another"
                .formatted(other.name(), agent.name(), agent.id()));
      }
      for (String task : agent.taskIdentifiers()) {
        AgentDefinition server = byTask.putIfAbsent(task, agent);
        if (server != null) {
          throw new IllegalArgumentException(
              "'%s' and '%s' both serve the task identifier '%s'; take it from one of them"
                  .formatted(server.name(), agent.name(), task));
        }
      }
    }
  }

  /** All, in the order of their registration. */
  public List<AgentDefinition> all() {
    return all;
  }

  /** The agent of that id in any spelling, started or not. */
  public Optional<AgentDefinition> byId(String id) {
    return Optional.ofNullable(byId.get(key(id)));
  }

  /**
   * The agent that answers sessions of the task, started or not: the one that lists it, else the
   * one whose id it is (across.md section 1: a messaging session's task is its agent's id).
   */
  public Optional<AgentDefinition> byTaskIdentifier(String taskIdentifier) {
    return Optional.ofNullable(byTask.get(taskIdentifier)).or(() -> byId(taskIdentifier));
  }

  private static String key(String id) {
    return id.toLowerCase(Locale.ROOT);
  }
}
