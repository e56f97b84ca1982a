package dev.parley.http.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;

/** What a client emitted. */
public final class SocketEvent {
  private final Socket socket;
  private final SocketIoPacket.Event packet;
  private final AtomicBoolean acknowledged = new AtomicBoolean();

  SocketEvent(Socket socket, SocketIoPacket.Event packet) {
    this.socket = socket;
    this.packet = packet;
  }

  public String name() {
    return packet.name();
  }

  /**
   * What came with it. What the client sent as binary is a {@link
   * com.fasterxml.jackson.databind.node.BinaryNode}.
   */
  public List<JsonNode> arguments() {
    return packet.arguments();
  }

  /** Whether the client waits for {@link #acknowledge}. */
  public boolean wantsAcknowledgement() {
    return packet.id().isPresent();
  }

  /**
   * Calls the client's callback. Does nothing if it gave none, or on a second call. From any
   * thread, at any time.
   */
  public void acknowledge(JsonNode... arguments) {
    OptionalLong id = packet.id();
    if (id.isPresent() && acknowledged.compareAndSet(false, true)) {
      socket.send(PacketEncoder.ack(id.getAsLong(), List.of(arguments)));
    }
  }
}
