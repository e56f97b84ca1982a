package dev.parley.http.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.OptionalLong;

/** What clients say in Socket.IO (protocol revision 5). */
sealed interface SocketIoPacket
    permits SocketIoPacket.Connect,
        SocketIoPacket.Disconnect,
        SocketIoPacket.Event,
        SocketIoPacket.Ack {
  /** The only namespace there is. */
  String MAIN = "/";

  String namespace();

  /**
   * @param auth empty if the client gave none
   */
  record Connect(String namespace, ObjectNode auth) implements SocketIoPacket {}

  record Disconnect(String namespace) implements SocketIoPacket {}

  /**
   * @param id the client's name for the acknowledgement it wants
   */
  record Event(String namespace, OptionalLong id, String name, List<JsonNode> arguments)
      implements SocketIoPacket {}

  /** Of an event with an id, which we never send. */
  record Ack(String namespace, long id) implements SocketIoPacket {}
}
