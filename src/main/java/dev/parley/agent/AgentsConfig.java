package dev.parley.agent;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the agents of {@code parley.agents}, explained in {@code application.conf}. A setting of
 * {@code parley.agent-defaults} holds for every agent that does not have it.
 */
public final class AgentsConfig {
  private static final Set<String> COMMON =
      Set.of("id", "name", "task-identifiers", "settings", "started", "kind");
  private static final Map<String, Set<String>> OF_KIND =
      Map.of(
          "echo", Set.of(),
          "webhook", Set.of("url", "secret-env", "history", "allowed-networks"),
          "openai",
              Set.of(
                  "base-url", "model", "key-env", "system-prompt", "history", "allowed-networks"));

  private final Config entry;
  private final String path;

  private AgentsConfig(Config entry, String path) {
    this.entry = entry;
    this.path = path;
  }

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
      AgentsConfig reader =
          new AgentsConfig(entries.get(i).withFallback(defaults), "parley.agents[" + i + "]");
      reader.refuseUnknown(entries.get(i), defaults);
      AgentDefinition agent = reader.definition();
      reader.checkSecrets(agent, environment);
      agents.add(agent);
    }
    return at("parley.agents", () -> new AgentSnapshot(agents));
  }

  private AgentDefinition definition() {
    AgentKind kind = kind();
    String id = get("id", entry::getString);
    String name = get("name", entry::getString);
    List<String> tasks =
        entry.hasPath("task-identifiers")
            ? get("task-identifiers", entry::getStringList)
            : List.of();
    boolean started = !entry.hasPath("started") || get("started", entry::getBoolean);
    AgentSettings settings = get("settings", this::settings);
    AgentLimits limits =
        at(
            path,
            () ->
                new AgentLimits(
                    get("time-limit", entry::getDuration),
                    get("stall-limit", entry::getDuration),
                    get("tries", entry::getInt),
                    get("retry-pause", entry::getDuration)));
    return at(path, () -> new AgentDefinition(id, name, tasks, settings, started, kind, limits));
  }

  private AgentKind kind() {
    return switch (get("kind", entry::getString)) {
      case "webhook" ->
          at(
              path,
              () ->
                  new AgentKind.Webhook(
                      endpoint("url"), variable("secret-env"), get("history", entry::getInt)));
      case "openai" ->
          at(
              path,
              () ->
                  new AgentKind.OpenAi(
                      endpoint("base-url"),
                      get("model", entry::getString),
                      text("key-env").isEmpty() ? null : variable("key-env"),
                      text("system-prompt"),
                      get("history", entry::getInt)));
      default -> new AgentKind.Echo();
    };
  }

  private HttpEndpoint endpoint(String key) {
    List<Network> networks =
        get(
            "allowed-networks",
            name -> entry.getStringList(name).stream().map(Network::parse).toList());
    return get(key, name -> HttpEndpoint.of(entry.getString(name), networks));
  }

  private String variable(String key) {
    return get(
        key,
        name -> {
          Checks.variable(entry.getString(name));
          return entry.getString(name);
        });
  }

  private String text(String key) {
    return entry.hasPath(key) ? get(key, entry::getString) : "";
  }

  private AgentSettings settings(String key) {
    if (!entry.hasPath(key)) {
      return AgentSettings.NONE;
    }
    Map<String, String> values = new LinkedHashMap<>();
    entry.getObject(key).unwrapped().forEach((name, value) -> values.put(name, "" + value));
    return new AgentSettings(values);
  }

  /** A misspelt setting would be one without effect. */
  private void refuseUnknown(Config own, Config defaults) {
    String kind = get("kind", entry::getString);
    if (!OF_KIND.containsKey(kind)) {
      throw new IllegalArgumentException(
          "%s.kind is '%s'; it must be one of %s"
              .formatted(path, kind, String.join(", ", new TreeSet<>(OF_KIND.keySet()))));
    }
    Set<String> known = new TreeSet<>(COMMON);
    known.addAll(OF_KIND.get(kind));
    known.addAll(defaults.root().keySet());
    for (String key : own.root().keySet()) {
      if (!known.contains(key)) {
        throw new IllegalArgumentException(
            "%s.%s is no setting of an agent of the kind %s; there are %s"
                .formatted(path, key, kind, String.join(", ", known)));
      }
    }
  }

  /** A stopped agent needs none. */
  private void checkSecrets(AgentDefinition agent, Function<String, @Nullable String> environment) {
    if (!agent.started()) {
      return;
    }
    if (agent.kind() instanceof AgentKind.Webhook webhook) {
      at(path + ".secret-env", () -> Secret.of(webhook.secretVariable(), environment));
    } else if (agent.kind() instanceof AgentKind.OpenAi openAi && openAi.keyVariable() != null) {
      String variable = openAi.keyVariable();
      at(path + ".key-env", () -> Secret.of(variable, environment));
    }
  }

  private <T> T get(String key, Function<String, T> getter) {
    return at(path + "." + key, () -> getter.apply(key));
  }

  /** Says where the mistake is that the reading finds, once. */
  private static <T> T at(String where, java.util.function.Supplier<T> reading) {
    try {
      return reading.get();
    } catch (ConfigException.Missing e) {
      throw new IllegalArgumentException(where + " is missing; every agent of this kind needs it");
    } catch (ConfigException e) {
      throw new IllegalArgumentException(where + " can't be used: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      String text = String.valueOf(e.getMessage());
      throw text.startsWith("parley.") ? e : new IllegalArgumentException(where + ": " + text);
    }
  }
}
