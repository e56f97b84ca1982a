package dev.parley.http.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * One connected client. All methods may be called from any thread, do not block, and do nothing
 * once the socket is gone.
 */
public final class Socket {
  private final String id;
  private final Handshake handshake;
  private final Rooms rooms;
  private final Outbox outbox;
  private final ActorRef<ConnectionCommand> connection;
  private final Set<String> joined = new HashSet<>();

  private volatile boolean gone;
  private volatile boolean leaving;

  Socket(
      String id,
      Handshake handshake,
      Rooms rooms,
      Outbox outbox,
      ActorRef<ConnectionCommand> connection) {
    this.id = id;
    this.handshake = handshake;
    this.rooms = rooms;
    this.outbox = outbox;
    this.connection = connection;
  }

  /** The client's {@code socket.id}. Opens nothing, so it may be shown. */
  public String id() {
    return id;
  }

  public Handshake handshake() {
    return handshake;
  }

  /** Sends an event. What one thread emits arrives in that order. */
  public void emit(String event, JsonNode... arguments) {
    send(PacketEncoder.event(event, List.of(arguments)));
  }

  /** Gets what is emitted to the room from now on. */
  public synchronized void join(String room) {
    if (!gone && joined.add(room)) {
      rooms.add(room, this);
    }
  }

  public synchronized void leave(String room) {
    if (joined.remove(room)) {
      rooms.remove(room, this);
    }
  }

  /**
   * Ends the connection after what was emitted so far. The client sees {@code io server disconnect}
   * and does not connect again by itself. Nothing is sent or heard after it.
   */
  public void disconnect() {
    leaving = true;
    connection.tell(new ConnectionCommand.Disconnect(this));
  }

  void send(Encoded packet) {
    if (!gone && !leaving) {
      switch (outbox.offer(packet)) {
        case WAKE -> connection.tell(ConnectionCommand.Signal.UNSENT);
        case FULL -> connection.tell(ConnectionCommand.Signal.UNREAD);
        case QUEUED, CLOSED -> {}
      }
    }
  }

  /** Whether {@link #disconnect} was called. */
  boolean isLeaving() {
    return leaving;
  }

  synchronized void end() {
    gone = true;
    joined.forEach(room -> rooms.remove(room, this));
    joined.clear();
  }
}
