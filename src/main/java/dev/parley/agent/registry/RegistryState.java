package dev.parley.agent.registry;

import dev.parley.agent.AgentDefinition;
import dev.parley.agent.registry.RegistryEvent.AgentPut;
import dev.parley.agent.registry.RegistryEvent.AgentRemoved;
import dev.parley.agent.registry.RegistryEvent.AgentSwitched;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The agents that were registered in an environment, and which of the configuration's were started
 * or stopped there. Immutable.
 *
 * @param version how many events have made it
 * @param agents by id in lower case, in the order of their registration
 * @param switched whether an agent of the configuration is started, by id in lower case, where that
 *     was said by API
 */
record RegistryState(long version, Map<String, Entry> agents, Map<String, Boolean> switched) {
  static final RegistryState EMPTY = new RegistryState(0, Map.of(), Map.of());

  /** What a page may hold, beyond its last agent, so that it fits into a message between nodes. */
  static final long PAGE_BYTES = 512 * 1_024;

  /**
   * An agent.
   *
   * @param version the registry's, when the agent was changed last
   * @param bytes what it takes when it is stored
   */
  record Entry(AgentDefinition agent, long version, int bytes) {
    Entry(AgentDefinition agent, long version) {
      this(agent, version, RegistryCodec.size(agent));
    }
  }

  RegistryState {
    agents = Collections.unmodifiableMap(new LinkedHashMap<>(agents));
    switched = Map.copyOf(switched);
  }

  static String key(String id) {
    return id.toLowerCase(Locale.ROOT);
  }

  /** The state after an event that was decided on this one. */
  RegistryState apply(RegistryEvent event) {
    Map<String, Entry> next = new LinkedHashMap<>(agents);
    Map<String, Boolean> nextSwitched = new HashMap<>(switched);
    if (event instanceof AgentPut put) {
      next.put(key(put.agent().id()), new Entry(put.agent(), version + 1));
    } else if (event instanceof AgentRemoved removed) {
      next.remove(key(removed.id()));
    } else if (event instanceof AgentSwitched toggle && toggle.configured()) {
      nextSwitched.put(key(toggle.id()), toggle.started());
    } else if (event instanceof AgentSwitched toggle) {
      next.computeIfPresent(
          key(toggle.id()),
          (id, entry) -> new Entry(entry.agent().withStarted(toggle.started()), version + 1));
    }
    return new RegistryState(version + 1, next, nextSwitched);
  }

  /** What all agents take when they are stored. */
  long bytes() {
    return agents.values().stream().mapToLong(Entry::bytes).sum();
  }

  /** The agents in the order of their registration. */
  List<AgentDefinition> definitions() {
    return agents.values().stream().map(Entry::agent).toList();
  }

  /**
   * What a reader lacks, as far as it fits. Agents come in the order of their last change: those
   * that were left out are newer than the page's version, so the reader asks for them by it.
   *
   * @param since the version the reader has; one that is ahead of this state's counts as none
   */
  RegistryPage page(long since) {
    long from = since > version ? 0 : since;
    List<Entry> lacking =
        agents.values().stream()
            .filter(entry -> entry.version() > from)
            .sorted(Comparator.comparing(Entry::version))
            .toList();
    List<AgentDefinition> changed = new ArrayList<>();
    long bytes = 0;
    long reached = from;
    for (Entry entry : lacking) {
      if (bytes >= PAGE_BYTES) {
        break;
      }
      bytes += entry.bytes();
      changed.add(entry.agent());
      reached = entry.version();
    }
    boolean complete = changed.size() == lacking.size();
    return new RegistryPage(
        complete ? version : reached, complete, List.copyOf(agents.keySet()), changed, switched);
  }
}
