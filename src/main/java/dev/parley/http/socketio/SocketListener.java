package dev.parley.http.socketio;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Hears of one socket, one call at a time and never from two threads at once. Must not block. What
 * it throws is logged and has no consequence for the socket.
 */
public interface SocketListener {
  /** The client is connected; what is emitted here comes after its {@code connect}. */
  default void onConnected(Socket socket) {}

  /**
   * The client has emitted an event.
   *
   * @return completes when the client's next event may be handed over: so its events are handled in
   *     their order, and a client that is faster than their handling is slowed down
   */
  CompletionStage<?> onEvent(Socket socket, SocketEvent event);

  /** The socket is gone; nothing comes after this. Called once, after the events before it. */
  default void onDisconnect(Socket socket, DisconnectReason reason) {}

  /** For events that are handled at once. */
  static CompletionStage<?> handled() {
    return CompletableFuture.completedFuture(null);
  }
}
