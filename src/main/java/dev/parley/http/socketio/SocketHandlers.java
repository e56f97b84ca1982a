package dev.parley.http.socketio;

import java.util.concurrent.CompletionStage;

/** Decides who gets a socket. */
@FunctionalInterface
public interface SocketHandlers {
  /**
   * Accepts or refuses. Must not block; other packets of the client wait until it is decided. A
   * failure is logged and refuses without a reason.
   */
  CompletionStage<Admission> onConnect(Handshake handshake);
}
