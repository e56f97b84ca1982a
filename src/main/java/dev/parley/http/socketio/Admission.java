package dev.parley.http.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** What becomes of a client that wants a socket. */
public sealed interface Admission permits Admission.Accepted, Admission.Refused {

  /**
   * @param listener of this one socket, with whatever it has to remember about it
   */
  record Accepted(SocketListener listener) implements Admission {}

  /**
   * The client gets {@code connect_error}.
   *
   * @param message of its {@code Error}
   * @param data likewise, if there is more to say
   */
  record Refused(String message, @Nullable JsonNode data) implements Admission {
    public Refused(String message) {
      this(message, null);
    }
  }
}
