package dev.parley.http.socketio;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;

/** All connections of this node, by their session ids. */
final class Connections {

  /** A connection and the way to it. */
  record Connection(ConnectionEntry entry, ActorRef<ConnectionCommand> actor) {}

  /** Numbers the actors, whose names must differ and may be seen in the log. */
  private static final AtomicLong OPENED = new AtomicLong();

  private final ActorSystem<?> system;
  private final SocketIoSettings settings;
  private final SocketHandlers handlers;
  private final Rooms rooms;
  private final Map<String, Connection> open = new ConcurrentHashMap<>();
  private volatile boolean shutDown;

  Connections(
      ActorSystem<?> system, SocketIoSettings settings, SocketHandlers handlers, Rooms rooms) {
    this.system = system;
    this.settings = settings;
    this.handlers = handlers;
    this.rooms = rooms;
  }

  /**
   * A new connection, or empty when there are too many or no more are taken.
   *
   * @param polling whether it begins with polling
   */
  Optional<Connection> open(Handshake.Request request, boolean polling) {
    if (shutDown || open.size() >= settings.maxConnections()) {
      return Optional.empty();
    }
    ConnectionEntry entry = new ConnectionEntry(this);
    ActorRef<ConnectionCommand> actor =
        system.systemActorOf(
            EngineConnection.create(entry, request, polling, settings, handlers, rooms),
            "socket-io-" + OPENED.incrementAndGet(),
            Props.empty());
    Connection connection = new Connection(entry, actor);
    open.put(entry.sid(), connection);
    if (entry.isTerminated()) {
      open.remove(entry.sid());
    }
    if (shutDown) {
      // Else it might have come too late for shutDown() to see it.
      actor.tell(ConnectionCommand.Signal.SHUT_DOWN);
    }
    return Optional.of(connection);
  }

  Optional<Connection> find(String sid) {
    return Optional.ofNullable(open.get(sid));
  }

  int size() {
    return open.size();
  }

  void remove(String sid) {
    open.remove(sid);
  }

  /** Takes no more connections and closes those there are. Completes when all have ended. */
  CompletionStage<Done> shutDown() {
    shutDown = true;
    CompletableFuture<?>[] ends =
        open.values().stream()
            .map(
                connection -> {
                  connection.actor().tell(ConnectionCommand.Signal.SHUT_DOWN);
                  return connection.entry().whenTerminated().toCompletableFuture();
                })
            .toArray(CompletableFuture[]::new);
    return CompletableFuture.allOf(ends).thenApply(all -> Done.getInstance());
  }
}
