package dev.parley.http.socketio;

import static org.apache.pekko.http.javadsl.server.Directives.pathEndOrSingleSlash;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefix;

import dev.parley.http.shared.Exchanges;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * Socket.IO at {@code /socket.io/}, with long-polling and WebSocket. With the actor system's
 * coordinated shutdown all sockets are closed, in a way that lets clients connect again elsewhere.
 */
public final class SocketIoServer {
  private final Rooms rooms = new Rooms();
  private final Connections connections;
  private final Route route;

  /**
   * @param handlers who may connect, and what becomes of events
   */
  public SocketIoServer(
      ActorSystem<?> system,
      Exchanges exchanges,
      SocketIoSettings settings,
      SocketHandlers handlers) {
    connections = new Connections(system, settings, handlers, rooms);
    EngineRequests requests =
        new EngineRequests(connections, new WebSocketPackets(system, settings), settings);
    Map<String, Exchanges.Handler> byMethod = new LinkedHashMap<>();
    byMethod.put("GET", requests::get);
    byMethod.put("POST", requests::post);
    byMethod.put("OPTIONS", requests::preflight);
    Route engine = exchanges.route(EngineError.SHAPE, byMethod);
    route = pathPrefix("socket.io", () -> pathEndOrSingleSlash(() -> engine));
    CoordinatedShutdown.get(system)
        .addTask(
            CoordinatedShutdown.PhaseServiceUnbind(), "close-socket-io", connections::shutDown);
  }

  public Route route() {
    return route;
  }

  public Rooms rooms() {
    return rooms;
  }

  /** How many connections there are on this node, those without a socket included. */
  public int connections() {
    return connections.size();
  }

  /**
   * Closes all sockets and refuses new ones. Completes when every socket has heard of its end. Part
   * of the coordinated shutdown anyway.
   */
  public CompletionStage<Done> shutDown() {
    return connections.shutDown();
  }
}
