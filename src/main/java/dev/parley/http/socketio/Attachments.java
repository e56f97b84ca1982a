package dev.parley.http.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/** The binary parts of one packet, on their way to the placeholders that stand for them. */
final class Attachments {
  static final int MAX_COUNT = 10;

  private static final String PLACEHOLDER = "_placeholder";

  private final SocketIoPacket packet;
  private final int count;
  private final long maxBytes;
  private final List<byte[]> parts = new ArrayList<>();
  private final BitSet used = new BitSet(MAX_COUNT);
  private long bytes;

  Attachments(SocketIoPacket packet, int count, long maxBytes) {
    this.packet = packet;
    this.count = count;
    this.maxBytes = maxBytes;
  }

  /** Whether this was the last part. */
  boolean add(byte[] part) throws MalformedPacketException {
    bytes += part.length;
    if (bytes > maxBytes) {
      throw new MalformedPacketException("the binary parts are too large");
    }
    parts.add(part);
    return parts.size() == count;
  }

  SocketIoPacket complete() throws MalformedPacketException {
    if (!(packet instanceof SocketIoPacket.Event event)) {
      return packet;
    }
    List<JsonNode> arguments = new ArrayList<>();
    for (JsonNode argument : event.arguments()) {
      arguments.add(filled(argument));
    }
    return new SocketIoPacket.Event(
        event.namespace(), event.id(), event.name(), List.copyOf(arguments));
  }

  /** Changes the tree in place. As deep as Jackson lets a document be, which is some hundreds. */
  private JsonNode filled(JsonNode node) throws MalformedPacketException {
    if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, filled(array.get(i)));
      }
    } else if (node instanceof ObjectNode object) {
      if (object.path(PLACEHOLDER).asBoolean(false)) {
        return part(object.path("num"));
      }
      for (Map.Entry<String, JsonNode> field : List.copyOf(object.properties())) {
        object.set(field.getKey(), filled(field.getValue()));
      }
    }
    return node;
  }

  private JsonNode part(JsonNode number) throws MalformedPacketException {
    int index = number.isInt() ? number.intValue() : -1;
    if (index < 0 || index >= parts.size()) {
      throw new MalformedPacketException("a placeholder of no binary part");
    }
    byte[] part = parts.get(index);
    if (used.get(index)) {
      // Else a small packet could stand for any number of copies of a large part.
      throw new MalformedPacketException("a binary part in two places");
    }
    used.set(index);
    return BinaryNode.valueOf(part);
  }
}
