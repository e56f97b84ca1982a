package dev.parley;

import static dev.parley.Settings.require;

import com.typesafe.config.Config;
import dev.parley.auth.Spans;
import dev.parley.entity.webchat.EntityNames;
import dev.parley.entity.webchat.EntryPoint;
import dev.parley.http.messaging.UuidShape;
import dev.parley.http.ws.SocketSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The settings under {@code parley.webchat}, and how long the tokens of the web runtime live. Every
 * getter says what is wrong with its own.
 */
final class WebchatSettings {
  private static final Duration LONGEST = Duration.ofDays(3_650);

  /** Ready to try in development: an entry to the agent that echoes. */
  private static final String DEMO = "demo";

  private static final EntryPoint DEMO_ENTRY_POINT =
      new EntryPoint("00000000-0000-4000-8000-0000000000ec", DEMO, true);

  private final Config config;
  private final boolean production;

  /**
   * @param config the section {@code parley}
   */
  WebchatSettings(Config config, boolean production) {
    this.config = config;
    this.production = production;
  }

  /**
   * @throws ConfigurationException when a value is not what it must be
   */
  void check() {
    apiDomain();
    proxyDomain();
    sessionTokenLife();
    visitorTokenLife();
    userTokenLife();
    events();
    sockets();
  }

  /**
   * The bounds of WebSockets. Their pings come in time for the keep-alive, however short that is.
   */
  SocketSettings sockets() {
    try {
      SocketSettings sockets = SocketSettings.of(config.getConfig("http.ws"));
      Duration longest = config.getDuration("http.keep-alive").dividedBy(2);
      return sockets.pingInterval().compareTo(longest) <= 0
          ? sockets
          : sockets.withPingInterval(longest);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("parley.http.ws can't be used: " + e.getMessage());
    }
  }

  /** Where pages load the widget, with its scheme; empty for the public origin. */
  Optional<String> apiDomain() {
    return domain("API_DOMAIN", "webchat.api-domain");
  }

  /** Likewise for organizations that want the proxy; empty when there is none. */
  Optional<String> proxyDomain() {
    return domain("API_PROXY_DOMAIN", "webchat.api-proxy-domain");
  }

  /** How long a visitor can come back to his session. */
  Duration sessionTokenLife() {
    return life("WEBCHAT_JWT_TTL", "webchat.session-token-ttl", Duration.ofDays(7));
  }

  /** How long a visitor's token for a WebSocket is good. */
  Duration visitorTokenLife() {
    return life("COOKIE_TTL", "webchat.socket-token-ttl", Duration.ofHours(24));
  }

  /** How long a user's token for a WebSocket is good. */
  Duration userTokenLife() {
    return life("COOKIE_TTL", "http.ws.token-ttl", Duration.ofDays(7));
  }

  /** Where events lead unless the API says otherwise, by their ids. */
  Map<String, EntryPoint> events() {
    Map<String, EntryPoint> events = new HashMap<>();
    if (!production) {
      events.put(DEMO, DEMO_ENTRY_POINT);
    }
    for (Config event : config.getConfigList("webchat.events")) {
      String id = event.getString("id");
      EntryPoint entryPoint =
          new EntryPoint(
              event.getString("agent-id"),
              event.getString("organization-id"),
              !event.hasPath("published") || event.getBoolean("published"));
      require(
          EntityNames.isValid(id) && EntityNames.isValid(entryPoint.organizationId()),
          "parley.webchat.events holds the event '%s' of the organization '%s'; each must be %s",
          id,
          entryPoint.organizationId(),
          EntityNames.RULE);
      require(
          UuidShape.matches(entryPoint.agentId()),
          "parley.webchat.events: the agent-id of '%s' is '%s'; it must be a UUID",
          id,
          entryPoint.agentId());
      events.put(id, entryPoint);
    }
    return events;
  }

  private Optional<String> domain(String variable, String path) {
    String text = config.getString(path).trim();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    String url = text.contains("://") ? text : "https://" + text;
    String bare = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    require(
        isOrigin(bare),
        "%s (parley.%s) is '%s'; it must be a host such as chat.example.com, with a port or http://"
            + " or https:// if need be, and nothing behind it",
        variable,
        path,
        text);
    return Optional.of(bare);
  }

  private static boolean isOrigin(String url) {
    try {
      URI uri = new URI(url);
      return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && uri.getHost() != null
          && uri.getUserInfo() == null
          && uri.getRawPath().isEmpty()
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /**
   * A number alone is milliseconds.
   *
   * @param unset when the variable is empty
   */
  private Duration life(String variable, String path, Duration unset) {
    String text = config.getString(path).trim();
    if (text.isEmpty()) {
      return unset;
    }
    Optional<Duration> life =
        text.matches("[0-9]{1,15}")
            ? Optional.of(Duration.ofMillis(Long.parseLong(text)))
            : Spans.parse(text);
    require(
        life.isPresent()
            && life.get().compareTo(Duration.ofSeconds(1)) >= 0
            && life.get().compareTo(LONGEST) <= 0,
        "%s (parley.%s) is '%s'; it must be from 1s to %d days, as milliseconds or as a span such as"
            + " 12h or 7d",
        variable,
        path,
        text,
        LONGEST.toDays());
    return life.get();
  }
}
