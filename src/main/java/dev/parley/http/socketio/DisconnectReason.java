package dev.parley.http.socketio;

/** Why a socket ended, in the words that servers of Socket.IO use. */
public enum DisconnectReason {
  /** The client said so. */
  CLIENT_DISCONNECT("client namespace disconnect"),
  /** {@link Socket#disconnect} was called. */
  SERVER_DISCONNECT("server namespace disconnect"),
  SERVER_SHUTTING_DOWN("server shutting down"),
  /** The client closed its connection, or it broke. */
  TRANSPORT_CLOSE("transport close"),
  /** The client did with its connection what the protocol does not allow. */
  TRANSPORT_ERROR("transport error"),
  /** The client sent what is no packet, or one out of place. */
  PARSE_ERROR("parse error"),
  PING_TIMEOUT("ping timeout"),
  /** The client did not read, and more was waiting for it than may. */
  UNREAD("client does not read"),
  /** The client never asked for a socket. */
  NEVER_CONNECTED("connect timeout");

  private final String text;

  DisconnectReason(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
