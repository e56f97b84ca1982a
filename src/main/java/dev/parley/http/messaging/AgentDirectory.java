package dev.parley.http.messaging;

import dev.parley.agent.AgentDefinition;
import dev.parley.agent.AgentKind;
import dev.parley.agent.AgentRegistry;
import dev.parley.agent.AttachedWorkers;
import dev.parley.session.SettingValue;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** The agents a session can be with (eliza.md sections 3.2 and 8). */
public interface AgentDirectory {
  /**
   * An agent as its sessions see it.
   *
   * @param name for people
   * @param started whether it runs; one that does not is as good as unknown
   * @param settings by name, such as {@code SESSION_TIMEOUT_MINUTES}
   */
  record AgentView(String name, boolean started, Map<String, SettingValue> settings) {
    public AgentView {
      settings = Map.copyOf(settings);
    }
  }

  /**
   * The agent as it is now: changed settings are seen by the next session.
   *
   * @param id a UUID, in lower case
   */
  Optional<AgentView> find(String id);

  /**
   * Whether the agent can answer a message now: it runs, and if it is attached, a worker lives.
   * Fails with {@link TimeoutException} when that can't be said.
   *
   * @param id a UUID, in lower case
   */
  CompletionStage<Boolean> isAvailable(String id);

  /** The agents of an environment. */
  static AgentDirectory of(AgentRegistry registry, AttachedWorkers workers, String environmentId) {
    return new AgentDirectory() {
      @Override
      public Optional<AgentView> find(String id) {
        return agent(id)
            .map(agent -> new AgentView(agent.name(), agent.started(), settings(agent)));
      }

      @Override
      public CompletionStage<Boolean> isAvailable(String id) {
        Optional<AgentDefinition> running = agent(id).filter(AgentDefinition::started);
        return running.isPresent() && running.get().kind() instanceof AgentKind.Attached
            ? workers.isAttached(environmentId, id)
            : CompletableFuture.completedFuture(running.isPresent());
      }

      private Optional<AgentDefinition> agent(String id) {
        return registry.now(environmentId).byId(id);
      }
    };
  }

  private static Map<String, SettingValue> settings(AgentDefinition agent) {
    return agent.settings().values().entrySet().stream()
        .collect(
            Collectors.toUnmodifiableMap(
                Map.Entry::getKey,
                setting -> new SettingValue.OfText(setting.getValue().toLowerCase(Locale.ROOT))));
  }
}
