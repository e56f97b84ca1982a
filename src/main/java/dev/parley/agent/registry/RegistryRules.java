package dev.parley.agent.registry;

import dev.parley.agent.AgentDefinition;
import dev.parley.agent.AgentSnapshot;
import dev.parley.agent.registry.RegistryEvent.AgentPut;
import dev.parley.agent.registry.RegistryEvent.AgentRemoved;
import dev.parley.agent.registry.RegistryEvent.AgentSwitched;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What may be done with the agents of an environment, beside those of the configuration. */
final class RegistryRules {
  /** Agents of an environment, at most, and what they take together when they are stored. */
  static final int MAX_AGENTS = 1_000;

  static final long MAX_BYTES = 8 * 1_024 * 1_024;

  private final AgentSnapshot configured;

  RegistryRules(AgentSnapshot configured) {
    this.configured = configured;
  }

  /**
   * What follows from a request.
   *
   * @param event null when nothing is to be changed
   */
  record Decision(@Nullable RegistryEvent event, RegistryReply reply) {
    private static Decision of(RegistryState state, RegistryEvent event, boolean created) {
      return new Decision(event, new RegistryReply.Done(state.version() + 1, created));
    }

    private static Decision nothing(RegistryState state) {
      return new Decision(null, new RegistryReply.Done(state.version(), false));
    }

    private static Decision conflict(String reason) {
      return new Decision(null, new RegistryReply.Conflict(reason));
    }
  }

  Decision put(RegistryState state, AgentDefinition agent) {
    if (configured.byId(agent.id()).isPresent()) {
      return ofConfiguration(agent.id());
    }
    String key = RegistryState.key(agent.id());
    RegistryState.Entry before = state.agents().get(key);
    RegistryState others = before == null ? state : state.apply(new AgentRemoved(agent.id()));
    Optional<String> conflict = Together.of(configured, others).conflict(agent);
    if (conflict.isPresent()) {
      return Decision.conflict(conflict.get());
    }
    if (before != null && before.agent().equals(agent)) {
      return Decision.nothing(state);
    }
    RegistryState after = others.apply(new AgentPut(agent));
    if (after.agents().size() > MAX_AGENTS || after.bytes() > MAX_BYTES) {
      return Decision.conflict(
          ("The environment has %d agents of %d bytes; at most %d and %d bytes can be registered,"
                  + " remove some")
              .formatted(others.agents().size(), others.bytes(), MAX_AGENTS, MAX_BYTES));
    }
    return Decision.of(state, new AgentPut(agent), before == null);
  }

  Decision remove(RegistryState state, String id) {
    if (state.agents().containsKey(RegistryState.key(id))) {
      return Decision.of(state, new AgentRemoved(id), false);
    }
    return configured.byId(id).isPresent()
        ? ofConfiguration(id)
        : new Decision(null, new RegistryReply.NoSuchAgent());
  }

  Decision switchTo(RegistryState state, String id, boolean started) {
    boolean isConfigured = configured.byId(id).isPresent();
    RegistryState.Entry registered = state.agents().get(RegistryState.key(id));
    if (!isConfigured && registered == null) {
      return new Decision(null, new RegistryReply.NoSuchAgent());
    }
    boolean now =
        isConfigured
            ? state
                .switched()
                .getOrDefault(RegistryState.key(id), configured.byId(id).get().started())
            : registered.agent().started();
    return now == started
        ? Decision.nothing(state)
        : Decision.of(state, new AgentSwitched(id, started, isConfigured), false);
  }

  private static Decision ofConfiguration(String id) {
    return Decision.conflict(
        ("The agent %s is one of the server's configuration (parley.agents); change it there. By"
                + " API it can be started and stopped")
            .formatted(id));
  }
}
