package dev.parley.http.socketio;

/** The client sent what is no packet. Nothing after it can be trusted. */
final class MalformedPacketException extends Exception {
  private static final long serialVersionUID = 1;

  MalformedPacketException(String message) {
    super(message, null, false, false);
  }
}
