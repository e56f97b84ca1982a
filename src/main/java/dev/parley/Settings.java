package dev.parley;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import dev.parley.agent.AgentForm;
import dev.parley.agent.AgentSnapshot;
import dev.parley.agent.AgentsConfig;
import dev.parley.agent.Network;
import dev.parley.auth.Environment;
import dev.parley.auth.SecretKeyFile;
import dev.parley.entity.CallbackSettings;
import dev.parley.entity.EntitySettings;
import dev.parley.http.shared.ConnectionSettings;
import dev.parley.http.socketio.SocketIoSettings;
import dev.parley.journal.DatabaseAddress;
import dev.parley.journal.Incarnation;
import dev.parley.ops.Shutdown;
import dev.parley.session.TimeoutEnvironment;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The settings of {@code application.conf}, checked. Every getter says what is wrong with its own.
 */
final class Settings {
  private static final Pattern SEED = Pattern.compile("([A-Za-z0-9._-]+):([0-9]{1,5})");

  private static final Pattern RETENTION = Pattern.compile("[0-9]{1,6}(\\.[0-9]{1,9})?");
  private static final int MAX_RETENTION_DAYS = 36_500;
  private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

  private final Config root;
  private final Config config;

  private Settings(Config root) {
    this.root = root;
    this.config = root.getConfig("parley");
  }

  /**
   * @throws ConfigurationException when a file can't be parsed or a value is not what it must be
   */
  static Settings load() {
    try {
      return of(ConfigFactory.load());
    } catch (ConfigException e) {
      throw new ConfigurationException(
          "The configuration can't be read: " + e.getMessage() + ". Mend the setting named there.");
    }
  }

  /**
   * @param root the whole configuration, resolved
   * @throws ConfigurationException when a value is not what it must be
   */
  static Settings of(Config root) {
    Settings settings = new Settings(root);
    settings.check();
    return settings;
  }

  private void check() {
    String env = config.getString("env");
    require(
        env.equals("auto") || env.equals("development") || env.equals("production"),
        "PARLEY_ENV (parley.env) is '%s'; it must be development or production",
        env);
    port("PARLEY_HTTP_PORT", "http.port");
    port("PARLEY_CLUSTER_PORT", "cluster.port");
    require(
        !(isProduction() && testClock()),
        "PARLEY_TEST_CLOCK (parley.test-clock) is on; it is refused in production, unset it");
    require(
        !isProduction() || hasSecretKey(),
        "PARLEY_SECRET_KEY (parley.secret-key) is not set; production needs one, for example the"
            + " output of: openssl rand -hex 32");
    databaseAddress();
    catalog().check();
    publicUrl();
    seedNodes();
    require(
        seedNodes().isEmpty() || config.getInt("cluster.port") != 0,
        "PARLEY_CLUSTER_PORT (parley.cluster.port) is 0; with PARLEY_SEED_NODES it must be the port"
            + " that the other nodes know");
    shutdown();
    entity();
    socketIo();
    messaging().check();
    web().check();
    storage().check();
    alerts().check();
    webchat().check();
    watching().check();
    agents();
    callbacks();
    callbackNetworks();
    callbackTimeLimit();
    agentForm();
  }

  boolean isProduction() {
    String env = config.getString("env");
    return (env.equals("auto") ? config.getString("node-env") : env).equals("production");
  }

  boolean testClock() {
    return config.getBoolean("test-clock");
  }

  Path dataDirectory() {
    return Path.of(config.getString("data-dir")).toAbsolutePath().normalize();
  }

  /** The external database, or empty for the embedded one. */
  Optional<DatabaseAddress> databaseAddress() {
    String url = config.getString("database-url");
    if (url.isBlank()) {
      return Optional.empty();
    }
    try {
      return Optional.of(DatabaseAddress.parse(url));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          "PARLEY_DATABASE_URL (parley.database-url) can't be used: " + e.getMessage());
    }
  }

  CatalogSettings catalog() {
    return new CatalogSettings(config);
  }

  Duration databasePatience() {
    return config.getDuration("database.patience");
  }

  int readConnections() {
    return config.getInt("database.read-connections");
  }

  /** The tenants. In development the first key may be made here and kept in the data directory. */
  List<Environment> environments() {
    List<Environment> environments = new ArrayList<>();
    environments.add(
        environment(
            config.getString("environment-id"),
            generatedKey().map(List::of).orElseGet(this::configuredKeys)));
    for (Config other : config.getConfigList("environments")) {
      environments.add(environment(other.getString("id"), other.getStringList("secret-keys")));
    }
    return environments;
  }

  boolean hasSecretKey() {
    return !config.getString("secret-key").isBlank();
  }

  /** The key kept in the data directory, made now if need be; empty when one is configured. */
  Optional<String> generatedKey() {
    if (hasSecretKey()) {
      return Optional.empty();
    }
    try {
      return Optional.of(SecretKeyFile.loadOrCreate(dataDirectory()));
    } catch (IOException | IllegalStateException e) {
      throw new ConfigurationException(
          "The secret key can't be kept in " + dataDirectory() + ": " + e.getMessage());
    }
  }

  private List<String> configuredKeys() {
    return Arrays.stream(config.getString("secret-key").split(",")).map(String::trim).toList();
  }

  private static Environment environment(String id, List<String> keys) {
    try {
      return new Environment(id, keys);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          "The environment '"
              + id
              + "' (parley.environment-id, parley.environments): "
              + e.getMessage());
    }
  }

  ListenAddress httpAddress() {
    return new ListenAddress(
        "PARLEY_HTTP_HOST and PARLEY_HTTP_PORT (parley.http)",
        config.getString("http.host"),
        config.getInt("http.port"));
  }

  /** Where the other nodes reach this one. */
  ListenAddress clusterAddress() {
    return new ListenAddress(
        "PARLEY_CLUSTER_HOST and PARLEY_CLUSTER_PORT (parley.cluster)",
        config.getString("cluster.host"),
        config.getInt("cluster.port"));
  }

  ConnectionSettings connections() {
    return ConnectionSettings.of(config.getConfig("http"));
  }

  /** The bounds of Socket.IO. Its pings come in time for the keep-alive, however short that is. */
  SocketIoSettings socketIo() {
    SocketIoSettings settings = SocketIoSettings.of(config.getConfig("http.socket-io"));
    Duration longest = connections().keepAlive().multipliedBy(5).dividedBy(6);
    return settings.pingInterval().compareTo(longest) <= 0
        ? settings
        : settings.withPingInterval(longest);
  }

  /** The origin clients are told, without a slash at the end; empty for that of their request. */
  Optional<String> publicUrl() {
    String url = config.getString("http.public-url").trim();
    if (url.isEmpty()) {
      return Optional.empty();
    }
    try {
      URI uri = new URI(url);
      require(
          ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
              && uri.getHost() != null
              && uri.getQuery() == null
              && uri.getFragment() == null,
          "PARLEY_PUBLIC_URL (parley.http.public-url) is '%s'; it must be an http or https URL"
              + " without query, such as https://parley.example.com",
          url);
      return Optional.of(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
    } catch (URISyntaxException e) {
      throw new ConfigurationException(
          "PARLEY_PUBLIC_URL (parley.http.public-url) is no URL: " + e.getMessage());
    }
  }

  /** {@code host:port} of the nodes that form the cluster; empty for a cluster of one. */
  List<String> seedNodes() {
    List<String> seeds =
        Arrays.stream(config.getString("cluster.seed-nodes").split(","))
            .map(String::trim)
            .filter(seed -> !seed.isEmpty())
            .toList();
    for (String seed : seeds) {
      require(
          SEED.matcher(seed).matches(),
          "PARLEY_SEED_NODES (parley.cluster.seed-nodes) holds '%s'; each must be host:port",
          seed);
    }
    return seeds;
  }

  Shutdown.Limits shutdown() {
    try {
      return new Shutdown.Limits(
          config.getDuration("shutdown.delay"), config.getDuration("shutdown.requests-within"));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("parley.shutdown can't be used: " + e.getMessage());
    }
  }

  MessagingSettings messaging() {
    return new MessagingSettings(config.getConfig("messaging"), isProduction());
  }

  WebSettings web() {
    return new WebSettings(config, isProduction(), dataDirectory());
  }

  StorageSettings storage() {
    return new StorageSettings(config.getConfig("storage"), dataDirectory(), seedNodes().isEmpty());
  }

  AlertSettings alerts() {
    return new AlertSettings(config.getConfig("alerts"));
  }

  WebchatSettings webchat() {
    return new WebchatSettings(config, isProduction());
  }

  WatchingSettings watching() {
    return new WatchingSettings(config);
  }

  /** What the environment says about timeouts, under the names ElizaOS gives its variables. */
  TimeoutEnvironment timeouts() {
    return TimeoutEnvironment.read(System.getenv());
  }

  EntitySettings entity() {
    return EntitySettings.of(config.getConfig("session")).with(retention().orElse(null));
  }

  /** How long a session stays behind its end; empty for ever. */
  Optional<Duration> retention() {
    String days = config.getString("retention").trim();
    if (days.equals("forever")) {
      return Optional.empty();
    }
    double number = RETENTION.matcher(days).matches() ? Double.parseDouble(days) : -1;
    require(
        number >= 0 && number <= MAX_RETENTION_DAYS,
        "PARLEY_RETENTION (parley.retention) is '%s'; it must be a number of days up to %d, such as"
            + " 30 or 0.5, or 0 or forever to keep all sessions",
        days,
        MAX_RETENTION_DAYS);
    return number == 0
        ? Optional.empty()
        : Optional.of(Duration.ofMillis(Math.max(1, Math.round(number * DAY_MILLIS))));
  }

  CallbackSettings callbacks() {
    try {
      return CallbackSettings.of(config.getConfig("callbacks"));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("parley.callbacks can't be used: " + e.getMessage());
    }
  }

  /** Networks in which callbacks may go although they are not public. */
  List<Network> callbackNetworks() {
    return NetworkList.of(
        config, "callbacks.allowed-networks", "PARLEY_CALLBACKS_ALLOWED_NETWORKS");
  }

  /** How long one try of a callback may take. */
  Duration callbackTimeLimit() {
    Duration limit = config.getDuration("callbacks.time-limit");
    require(
        limit.compareTo(Duration.ofMillis(100)) >= 0 && limit.compareTo(Duration.ofMinutes(1)) <= 0,
        "parley.callbacks.time-limit is %s; it must be from 100ms to 1m",
        limit);
    return limit;
  }

  /** The agents that the configuration names, with their secrets found where they should be. */
  AgentSnapshot agents() {
    try {
      return AgentsConfig.read(config, System::getenv);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(e.getMessage());
    }
  }

  /** How agents are registered by API. */
  AgentForm agentForm() {
    try {
      return AgentForm.of(config, System::getenv);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(e.getMessage());
    }
  }

  /** What the actor system starts with, the database's address filled in. */
  Config system(DatabaseAddress database, Incarnation node) {
    String db = "pekko-persistence-jdbc.shared-databases.slick.db.";
    String first = db + "connectionInitSql";
    return ConfigFactory.parseMap(
            java.util.Map.of(
                db + "url",
                node.mark(database).jdbcUrl(),
                db + "user",
                database.user(),
                db + "password",
                database.password(),
                first,
                root.getString(first) + "; " + node.admission()),
            "the database's address")
        .withFallback(root);
  }

  private void port(String variable, String path) {
    String port = config.getString(path);
    require(
        port.matches("[0-9]{1,5}") && Integer.parseInt(port) <= 65_535,
        "%s (parley.%s) is '%s'; a port is a whole number from 0 to 65535",
        variable,
        path,
        port);
  }

  static void require(boolean condition, String message, Object... arguments) {
    if (!condition) {
      throw new ConfigurationException(message.formatted(arguments));
    }
  }
}
