package dev.parley;

import static dev.parley.Settings.require;

import com.typesafe.config.Config;
import dev.parley.agent.Network;
import dev.parley.auth.RealtimeKey;
import dev.parley.auth.SessionSecretFile;
import dev.parley.auth.Spans;
import dev.parley.http.web.SessionCookie;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The settings under {@code parley.web}, and whom the server believes about addresses. Every getter
 * says what is wrong with its own.
 */
final class WebSettings {
  private static final Duration DEFAULT_TTL = Duration.ofDays(7);
  private static final Duration SHORTEST_TTL = Duration.ofSeconds(1);

  /** Browsers keep no cookie longer. */
  private static final Duration LONGEST_TTL = Duration.ofDays(400);

  private static final Pattern COOKIE_NAME = Pattern.compile("[0-9A-Za-z!#$%&'*+.^_`|~-]{1,100}");
  private static final Pattern DOMAIN =
      Pattern.compile("\\.?[0-9A-Za-z](?:[0-9A-Za-z-]*[0-9A-Za-z])?(?:\\.[0-9A-Za-z-]+)*");
  private static final Pattern PREFIX = Pattern.compile("[0-9A-Za-z_.:-]{1,64}");

  private static final int SHORTEST_SECRET = 16;

  private final Config root;
  private final Config config;
  private final boolean production;
  private final Path dataDirectory;

  /**
   * @param root everything under {@code parley}
   */
  WebSettings(Config root, boolean production, Path dataDirectory) {
    this.root = root;
    this.config = root.getConfig("web");
    this.production = production;
    this.dataDirectory = dataDirectory;
  }

  /**
   * @throws ConfigurationException when a value is not what it must be
   */
  void check() {
    cookie();
    configuredSecrets();
    require(
        !production || !configuredSecrets().isEmpty(),
        "SESSION_SECRET (parley.web.session.secret) is not set; production needs one, for example"
            + " the output of: openssl rand -hex 32");
    handOffPrefix();
    realtimeKey();
    trustedProxies();
    demoPage();
  }

  /** Whether {@code /demo} is served. */
  boolean demoPage() {
    String wanted = root.getString("http.demo-page");
    return switch (wanted) {
      case "on", "true", "yes" -> true;
      case "off", "false", "no" -> false;
      case "auto" -> !production;
      default ->
          throw new ConfigurationException(
              "PARLEY_DEMO_PAGE (parley.http.demo-page) is '%s'; it must be on, off or auto"
                  .formatted(wanted));
    };
  }

  /** The cookie of browser sessions. */
  SessionCookie cookie() {
    String name = config.getString("session.cookie-name");
    require(
        COOKIE_NAME.matcher(name).matches(),
        "SESSION_COOKIE_NAME (parley.web.session.cookie-name) is '%s'; it must be letters, digits"
            + " and signs that a cookie's name may have, such as sessionId",
        name);
    String domain = config.getString("session.domain").trim();
    require(
        domain.isEmpty() || DOMAIN.matcher(domain).matches(),
        "COOKIE_DOMAIN (parley.web.session.domain) is '%s'; it must be the name of a domain, such as"
            + " example.com",
        domain);
    return new SessionCookie(
        name, domain.isEmpty() ? null : domain, production, cookieTimeToLive());
  }

  /** How long a cookie and the session behind it last. */
  Duration cookieTimeToLive() {
    return configuredTimeToLive().orElse(DEFAULT_TTL);
  }

  /** {@code COOKIE_TTL} where it is set. */
  Optional<Duration> configuredTimeToLive() {
    String text = config.getString("session.ttl").trim();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Optional<Duration> span =
        text.matches("[0-9]{1,15}")
            ? Optional.of(Duration.ofMillis(Long.parseLong(text)))
            : Spans.parse(text);
    require(
        span.isPresent()
            && span.get().compareTo(SHORTEST_TTL) >= 0
            && span.get().compareTo(LONGEST_TTL) <= 0,
        "COOKIE_TTL (parley.web.session.ttl) is '%s'; it must be a number of milliseconds or a span"
            + " such as 12h, from 1s to 400d",
        text);
    return span;
  }

  /** What signs cookies, the first of them, and what verifies them. */
  List<String> secrets() {
    List<String> configured = configuredSecrets();
    if (!configured.isEmpty()) {
      return configured;
    }
    try {
      return List.of(SessionSecretFile.loadOrCreate(dataDirectory));
    } catch (IOException | IllegalStateException e) {
      throw new ConfigurationException(
          "The session secret can't be kept in " + dataDirectory + ": " + e.getMessage());
    }
  }

  /** Whether the secret is one that other nodes can't know. */
  boolean isSecretGenerated() {
    return configuredSecrets().isEmpty();
  }

  private List<String> configuredSecrets() {
    List<String> secrets =
        Arrays.stream(config.getString("session.secret").split(","))
            .map(String::trim)
            .filter(secret -> !secret.isEmpty())
            .toList();
    require(
        !production || secrets.stream().allMatch(secret -> secret.length() >= SHORTEST_SECRET),
        "SESSION_SECRET (parley.web.session.secret) holds a secret of fewer than %d characters; in"
            + " production each needs that many, for example the output of: openssl rand -hex 32",
        SHORTEST_SECRET);
    return secrets;
  }

  /** The settings of the seed's session store that are set, by their variables; they do nothing. */
  List<String> ignored() {
    return Stream.of("host", "port", "prefix")
        .filter(name -> !config.getString("session.redis." + name).isBlank())
        .map(name -> "REDIS_SESSION_" + name.toUpperCase(java.util.Locale.ROOT))
        .toList();
  }

  /** What stands in front of the names of hand-offs. */
  String handOffPrefix() {
    String prefix = config.getString("hand-off.prefix").trim();
    require(
        prefix.isEmpty() || PREFIX.matcher(prefix).matches(),
        "REDIS_PREFIX (parley.web.hand-off.prefix) is '%s'; it must be at most 64 letters, digits and"
            + " _ . : -",
        prefix);
    return prefix.isEmpty() ? "alloy_dev" : prefix;
  }

  /** The key of realtime workers. */
  RealtimeKey realtimeKey() {
    String key = config.getString("hand-off.realtime-key").trim();
    require(
        key.isEmpty() || key.length() >= SHORTEST_SECRET && !key.contains(" "),
        "PARLEY_REALTIME_KEY (parley.web.hand-off.realtime-key) must have at least %d characters and"
            + " no space, for example the output of: openssl rand -hex 32",
        SHORTEST_SECRET);
    return new RealtimeKey(key);
  }

  /** Proxies that are believed about who sends a request. */
  List<Network> trustedProxies() {
    return NetworkList.of(root, "http.trusted-proxies", "PARLEY_TRUSTED_PROXIES");
  }
}
