package dev.parley.agent;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads one agent, wherever it is written: the names of its settings here are those of {@code
 * parley.agents}, and what is wrong is said with the place and the spelling of whoever wrote it.
 */
final class AgentReader {
  static final String NETWORKS = "allowed-networks";

  private static final Set<String> COMMON =
      Set.of("id", "name", "task-identifiers", "settings", "started", "kind");
  private static final Map<String, Set<String>> OF_KIND =
      Map.of(
          "attached", Set.of("lease"),
          "echo", Set.of(),
          "webhook", Set.of("url", "secret-env", "history", NETWORKS),
          "openai", Set.of("base-url", "model", "key-env", "system-prompt", "history", NETWORKS));

  private final Config entry;
  private final String path;
  private final UnaryOperator<String> spelling;

  /**
   * @param entry the agent's settings and those that every agent has
   * @param path where they stand; empty for a place that needs no name
   * @param spelling of a setting's name in that place
   */
  AgentReader(Config entry, String path, UnaryOperator<String> spelling) {
    this.entry = entry;
    this.path = path;
    this.spelling = spelling;
  }

  /** A mistake that says where it is. */
  private static final class Placed extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    Placed(String message) {
      super(message);
    }
  }

  /**
   * @throws IllegalArgumentException when a setting is missing or can't be used; the message says
   *     which and shows no secret
   */
  AgentDefinition definition() {
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
      case "attached" -> at(path, () -> new AgentKind.Attached(lease()));
      default -> new AgentKind.Echo();
    };
  }

  private Duration lease() {
    return entry.hasPath("lease")
        ? get("lease", entry::getDuration)
        : AgentKind.Attached.USUAL_LEASE;
  }

  private HttpEndpoint endpoint(String key) {
    List<Network> networks =
        get(NETWORKS, name -> entry.getStringList(name).stream().map(Network::parse).toList());
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

  /**
   * A misspelt setting would be one without effect.
   *
   * @param given the names of the agent's settings as they were written
   * @param everywhere the settings that every kind has beside its own
   * @param without a setting that is not to be had in this place; empty for none
   * @throws IllegalArgumentException when one is not a setting of the agent's kind
   */
  void refuseUnknown(Set<String> given, Set<String> everywhere, String without) {
    String kind = get("kind", entry::getString);
    if (!OF_KIND.containsKey(kind)) {
      throw new IllegalArgumentException(
          "%s is '%s'; it must be one of %s"
              .formatted(place("kind"), kind, String.join(", ", new TreeSet<>(OF_KIND.keySet()))));
    }
    Set<String> known = new TreeSet<>();
    for (Set<String> names : List.of(COMMON, OF_KIND.get(kind), everywhere)) {
      names.stream().filter(name -> !name.equals(without)).map(spelling).forEach(known::add);
    }
    for (String name : given) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "%s is no setting of an agent of the kind %s; there are %s"
                .formatted(
                    path.isEmpty() ? name : path + "." + name, kind, String.join(", ", known)));
      }
    }
  }

  /**
   * Looks whether the agent's secrets are where they should be; a stopped agent needs none.
   *
   * @throws IllegalArgumentException when one is not; the message names the variable
   */
  void checkSecrets(AgentDefinition agent, Function<String, @Nullable String> environment) {
    if (agent.started()) {
      forEachVariable(agent, variable -> Secret.of(variable, environment));
    }
  }

  /**
   * @param check throws for a variable that the agent must not name
   */
  void forEachVariable(AgentDefinition agent, Consumer<String> check) {
    if (agent.kind() instanceof AgentKind.Webhook webhook) {
      at(place("secret-env"), () -> checked(webhook.secretVariable(), check));
    } else if (agent.kind() instanceof AgentKind.OpenAi openAi && openAi.keyVariable() != null) {
      String variable = openAi.keyVariable();
      at(place("key-env"), () -> checked(variable, check));
    }
  }

  private static String checked(String variable, Consumer<String> check) {
    check.accept(variable);
    return variable;
  }

  private <T> T get(String key, Function<String, T> getter) {
    return at(place(key), () -> getter.apply(key));
  }

  private String place(String key) {
    return path.isEmpty() ? spelling.apply(key) : path + "." + spelling.apply(key);
  }

  /** Says where the mistake is that the reading finds, once. */
  static <T> T at(String where, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (Placed e) {
      throw e;
    } catch (ConfigException.Missing e) {
      throw new Placed(where + " is missing; every agent of this kind needs it");
    } catch (ConfigException e) {
      throw new Placed(where + " can't be used: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new Placed(where.isEmpty() ? "" + e.getMessage() : where + ": " + e.getMessage());
    }
  }
}
