package dev.parley.agent;

import static dev.parley.agent.AgentReader.at;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads an agent that is registered by API: the settings of {@code parley.agents} in camelCase,
 * under the same rules. Who registers it is not the operator, and may therefore name neither
 * networks nor any environment variable; {@code parley.agent-registry} says what is allowed.
 */
public final class AgentForm {
  private static final Pattern CAMEL = Pattern.compile("(?<=[a-z])[A-Z]");
  private static final Pattern KEBAB = Pattern.compile("-[a-z]");

  private final Config defaults;
  private final String variablePrefix;
  private final List<Network> networks;
  private final Function<String, @Nullable String> environment;

  private AgentForm(
      Config defaults,
      String variablePrefix,
      List<Network> networks,
      Function<String, @Nullable String> environment) {
    this.defaults = defaults;
    this.variablePrefix = variablePrefix;
    this.networks = networks;
    this.environment = environment;
  }

  /**
   * @param parley the settings under {@code parley}
   * @param environment the value of an environment variable, or null
   * @throws IllegalArgumentException when a setting of {@code parley.agent-registry} can't be used
   */
  public static AgentForm of(Config parley, Function<String, @Nullable String> environment) {
    String registry = "parley.agent-registry.";
    return new AgentForm(
        parley.getConfig("agent-defaults").withoutPath(AgentReader.NETWORKS),
        at(
            registry + "secret-env-prefix",
            () -> parley.getString("agent-registry.secret-env-prefix")),
        at(
            registry + AgentReader.NETWORKS,
            () ->
                parley.getStringList("agent-registry.allowed-networks").stream()
                    .map(Network::parse)
                    .toList()),
        environment);
  }

  /** Where endpoints of registered agents may be although it is no public network. */
  public List<Network> networks() {
    return networks;
  }

  /**
   * The agent in a document. It reaches public networks alone; {@link #networks} are put to it
   * where it is used.
   *
   * @param id of the agent; the document may repeat it
   * @param document the fields in camelCase; values are texts, numbers, booleans, lists and maps
   * @throws IllegalArgumentException when it can't be used; the message names the field and what to
   *     do, and shows no secret
   */
  public AgentDefinition read(String id, Map<String, Object> document) {
    Map<String, Object> fields = new LinkedHashMap<>(Map.of(AgentReader.NETWORKS, List.of()));
    document.forEach((name, value) -> fields.put(kebab(name), value));
    if (!String.valueOf(fields.getOrDefault("id", id)).equalsIgnoreCase(id)) {
      throw new IllegalArgumentException(
          "id is '%s' and the path says '%s'; leave it out or make them the same"
              .formatted(fields.get("id"), id));
    }
    fields.put("id", id);
    AgentReader reader =
        new AgentReader(
            ConfigValueFactory.fromMap(fields, "the body").toConfig().withFallback(defaults),
            "",
            AgentForm::camel);
    reader.refuseUnknown(document.keySet(), defaults.root().keySet(), AgentReader.NETWORKS);
    AgentDefinition agent = reader.definition();
    reader.forEachVariable(agent, this::requirePermitted);
    reader.checkSecrets(agent, environment);
    return agent;
  }

  /**
   * Looks whether an agent that is about to be started finds its secrets on this node.
   *
   * @throws IllegalArgumentException when it does not; the message names the variable
   */
  public void requireSecrets(AgentDefinition agent) {
    new AgentReader(defaults, "", AgentForm::camel)
        .checkSecrets(agent.withStarted(true), environment);
  }

  /** Else whoever may register an agent could have any variable of this process sent to himself. */
  private void requirePermitted(String variable) {
    if (!variable.startsWith(variablePrefix)) {
      throw new IllegalArgumentException(
          "the environment variable %s can't be used by API; only those that begin with %s"
              .formatted(variable, variablePrefix));
    }
  }

  private static String kebab(String name) {
    return CAMEL.matcher(name).replaceAll(hit -> "-" + hit.group().toLowerCase(Locale.ROOT));
  }

  private static String camel(String name) {
    return KEBAB.matcher(name).replaceAll(hit -> hit.group().substring(1).toUpperCase(Locale.ROOT));
  }
}
