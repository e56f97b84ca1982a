package dev.parley.agent;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The agents at one time. */
public final class AgentSnapshot {
  private final List<AgentDefinition> all = new ArrayList<>();
  private final Map<String, AgentDefinition> byId = new HashMap<>();
  private final Map<String, AgentDefinition> byTask = new HashMap<>();

  /** By task identifiers in lower case, to find those that are an agent's id. */
  private final Map<String, AgentDefinition> byFoldedTask = new HashMap<>();

  /**
   * @throws IllegalArgumentException when two agents have the same id or serve the same task
   */
  public AgentSnapshot(List<AgentDefinition> agents) {
    for (AgentDefinition agent : agents) {
      conflict(agent)
          .ifPresent(
              conflict -> {
                throw new IllegalArgumentException(conflict);
              });
      add(agent);
    }
  }

  private void add(AgentDefinition agent) {
    all.add(agent);
    byId.put(key(agent.id()), agent);
    for (String task : agent.taskIdentifiers()) {
      byTask.put(task, agent);
      byFoldedTask.put(key(task), agent);
    }
  }

  /**
   * Why these agents and another can't be together: it has the id or a task identifier of one of
   * them, or the id of one is a task identifier of the other.
   */
  public Optional<String> conflict(AgentDefinition other) {
    AgentDefinition same = byId.get(key(other.id()));
    if (same != null) {
      return Optional.of(
          "'%s' and '%s' have the same id %s; give one of them another"
              .formatted(same.name(), other.name(), other.id()));
    }
    Set<String> own = new HashSet<>();
    for (String task : other.taskIdentifiers()) {
      AgentDefinition server =
          own.add(task) ? byTask.getOrDefault(task, byId.get(key(task))) : other;
      if (server != null) {
        return Optional.of(bothServe(server, other, task));
      }
    }
    return Optional.ofNullable(byFoldedTask.get(key(other.id())))
        .map(server -> bothServe(server, other, other.id()));
  }

  private static String bothServe(AgentDefinition one, AgentDefinition other, String task) {
    return "'%s' and '%s' both serve the task identifier '%s'; take it from one of them"
        .formatted(one.name(), other.name(), task);
  }

  /** All, in the order of their registration. */
  public List<AgentDefinition> all() {
    return Collections.unmodifiableList(all);
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
