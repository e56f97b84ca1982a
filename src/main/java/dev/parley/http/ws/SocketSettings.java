package dev.parley.http.ws;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * The bounds of the sockets, from {@code parley.http.ws} of {@code application.conf}.
 *
 * @param maxSockets of this node; more are refused with 503
 * @param maxSubscriptions of one socket
 * @param maxUnsent what may wait for a client that reads slowly before its streams are held back,
 *     in bytes
 * @param unreadLimit how long a client may read nothing while its streams are held back
 * @param pingInterval between two pings; a client of which nothing is heard for three of them is
 *     gone
 */
public record SocketSettings(
    int maxSockets,
    int maxSubscriptions,
    long maxUnsent,
    Duration unreadLimit,
    Duration pingInterval) {

  /**
   * @param config the section {@code parley.http.ws}
   * @throws com.typesafe.config.ConfigException when a value is missing or of another kind
   * @throws IllegalArgumentException when a value is out of bounds
   */
  public static SocketSettings of(Config config) {
    return new SocketSettings(
        config.getInt("max-sockets"),
        config.getInt("max-subscriptions"),
        config.getBytes("max-unsent"),
        config.getDuration("unread-limit"),
        config.getDuration("ping-interval"));
  }

  public SocketSettings {
    if (maxSockets < 1 || maxSubscriptions < 1 || maxUnsent < 1_024) {
      throw new IllegalArgumentException(
          "max-sockets is %d, max-subscriptions %d and max-unsent %d; they must be at least 1, 1 and 1024"
              .formatted(maxSockets, maxSubscriptions, maxUnsent));
    }
    if (unreadLimit.toMillis() < 100 || pingInterval.toMillis() < 100) {
      throw new IllegalArgumentException(
          "unread-limit is %s and ping-interval %s; they must be at least 100ms"
              .formatted(unreadLimit, pingInterval));
    }
  }

  /** The same bounds with another time between pings. */
  public SocketSettings withPingInterval(Duration interval) {
    return new SocketSettings(maxSockets, maxSubscriptions, maxUnsent, unreadLimit, interval);
  }
}
