package dev.parley.agent;

import static dev.parley.agent.AgentReader.at;

import com.typesafe.config.Config;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads the agents of {@code parley.agents}, explained in {@code application.conf}. A setting of
 * {@code parley.agent-defaults} holds for every agent that does not have it.
 */
public final class AgentsConfig {
  private AgentsConfig() {}

  /**
   * @param parley the settings under {@code parley}
   * @param environment the value of an environment variable, or null
   * @throws IllegalArgumentException when an agent can't be used; the message names the setting and
   *     what to do, and shows no secret
   */
  public static AgentSnapshot read(Config parley, Function<String, @Nullable String> environment) {
    List<? extends Config> entries = at("parley.agents", () -> parley.getConfigList("agents"));
    Config defaults = at("parley.agent-defaults", () -> parley.getConfig("agent-defaults"));
    List<AgentDefinition> agents = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      AgentReader reader =
          new AgentReader(
              entries.get(i).withFallback(defaults),
              "parley.agents[" + i + "]",
              UnaryOperator.identity());
      reader.refuseUnknown(entries.get(i).root().keySet(), defaults.root().keySet(), "");
      AgentDefinition agent = reader.definition();
      reader.checkSecrets(agent, environment);
      agents.add(agent);
    }
    return at("parley.agents", () -> new AgentSnapshot(agents));
  }
}
