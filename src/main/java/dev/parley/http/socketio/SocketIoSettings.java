package dev.parley.http.socketio;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * The bounds of all connections, from {@code parley.http.socket-io} of {@code application.conf}.
 *
 * @param pingInterval from one pong to the next ping; below the idle timeout of the HTTP server, as
 *     nothing else keeps a quiet connection
 * @param pingTimeout how long a pong may take; without it the connection is closed
 * @param upgradeTimeout how long a WebSocket may take from its opening to being the transport
 * @param connectTimeout how long a connection may be without a socket
 * @param lingerTimeout how long what was sent before a disconnect may take to be fetched
 * @param maxPayload of a polling request or a WebSocket message from the client, in bytes
 * @param maxUnsent what may wait for a client that reads slowly or not, in bytes; a connection with
 *     more is closed
 * @param maxConnections of this node; more are refused with 503
 */
public record SocketIoSettings(
    Duration pingInterval,
    Duration pingTimeout,
    Duration upgradeTimeout,
    Duration connectTimeout,
    Duration lingerTimeout,
    int maxPayload,
    long maxUnsent,
    int maxConnections) {

  /**
   * @param config the section {@code parley.http.socket-io}
   * @throws com.typesafe.config.ConfigException when a value is missing or of another kind
   */
  public static SocketIoSettings of(Config config) {
    return new SocketIoSettings(
        config.getDuration("ping-interval"),
        config.getDuration("ping-timeout"),
        config.getDuration("upgrade-timeout"),
        config.getDuration("connect-timeout"),
        config.getDuration("linger-timeout"),
        Math.toIntExact(config.getBytes("max-payload")),
        config.getBytes("max-unsent"),
        config.getInt("max-connections"));
  }

  /** The same bounds with another time between pings. */
  public SocketIoSettings withPingInterval(Duration interval) {
    return new SocketIoSettings(
        interval,
        pingTimeout,
        upgradeTimeout,
        connectTimeout,
        lingerTimeout,
        maxPayload,
        maxUnsent,
        maxConnections);
  }
}
