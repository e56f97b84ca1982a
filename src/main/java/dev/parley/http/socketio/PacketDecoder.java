package dev.parley.http.socketio;

import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.http.shared.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the Socket.IO packets of one connection. A packet with binary parts is complete with the
 * last of them. To be used by one thread at a time.
 */
final class PacketDecoder {
  private static final int MAX_NAMESPACE_LENGTH = 256;
  private static final int MAX_ID_DIGITS = 16;

  /** Names that mean something else at the client or the server. */
  private static final Set<String> RESERVED =
      Set.of(
          "connect",
          "connect_error",
          "disconnect",
          "disconnecting",
          "newListener",
          "removeListener");

  private final int maxAttachmentBytes;
  private @Nullable Attachments open;

  /**
   * @param maxAttachmentBytes of one packet
   */
  PacketDecoder(int maxAttachmentBytes) {
    this.maxAttachmentBytes = maxAttachmentBytes;
  }

  /** The packet, or empty when its binary parts are still to come. */
  Optional<SocketIoPacket> text(String packet) throws MalformedPacketException {
    if (open != null) {
      throw new MalformedPacketException("text instead of a binary part");
    }
    if (packet.isEmpty()) {
      throw new MalformedPacketException("empty packet");
    }
    Cursor cursor = new Cursor(packet);
    return switch (cursor.type()) {
      case '0' -> Optional.of(connect(cursor));
      case '1' -> Optional.of(disconnect(cursor));
      case '2' -> Optional.of(event(cursor));
      case '3' -> Optional.of(ack(cursor));
      case '5' -> withAttachments(cursor, true);
      case '6' -> withAttachments(cursor, false);
      default -> throw new MalformedPacketException("unknown packet type");
    };
  }

  /** The packet that the bytes complete, or empty when more are to come. */
  Optional<SocketIoPacket> binary(byte[] bytes) throws MalformedPacketException {
    Attachments attachments = open;
    if (attachments == null) {
      throw new MalformedPacketException("a binary part of no packet");
    }
    if (!attachments.add(bytes)) {
      return Optional.empty();
    }
    open = null;
    return Optional.of(attachments.complete());
  }

  private static SocketIoPacket connect(Cursor cursor) throws MalformedPacketException {
    String namespace = cursor.namespace();
    if (cursor.atEnd()) {
      return new SocketIoPacket.Connect(namespace, Json.object());
    }
    if (cursor.json() instanceof ObjectNode auth) {
      return new SocketIoPacket.Connect(namespace, auth);
    }
    throw new MalformedPacketException("auth is no object");
  }

  private static SocketIoPacket disconnect(Cursor cursor) throws MalformedPacketException {
    String namespace = cursor.namespace();
    if (!cursor.atEnd()) {
      throw new MalformedPacketException("a disconnect has no data");
    }
    return new SocketIoPacket.Disconnect(namespace);
  }

  private static SocketIoPacket.Event event(Cursor cursor) throws MalformedPacketException {
    String namespace = cursor.namespace();
    OptionalLong id = cursor.id();
    JsonNode data = cursor.json();
    JsonNode name = data.path(0);
    if (!data.isArray() || !(name.isTextual() || name.isNumber())) {
      throw new MalformedPacketException("an event has no name");
    }
    if (RESERVED.contains(name.asText())) {
      throw new MalformedPacketException("the event's name is reserved");
    }
    List<JsonNode> arguments = new ArrayList<>(data.size());
    data.forEach(arguments::add);
    return new SocketIoPacket.Event(
        namespace, id, name.asText(), List.copyOf(arguments.subList(1, arguments.size())));
  }

  private static SocketIoPacket.Ack ack(Cursor cursor) throws MalformedPacketException {
    String namespace = cursor.namespace();
    OptionalLong id = cursor.id();
    if (id.isEmpty() || !cursor.json().isArray()) {
      throw new MalformedPacketException("an acknowledgement needs an id and an array");
    }
    return new SocketIoPacket.Ack(namespace, id.getAsLong());
  }

  private Optional<SocketIoPacket> withAttachments(Cursor cursor, boolean isEvent)
      throws MalformedPacketException {
    int count = cursor.attachments();
    SocketIoPacket packet = isEvent ? event(cursor) : ack(cursor);
    open = new Attachments(packet, count, maxAttachmentBytes);
    return Optional.empty();
  }

  /** Goes through the text of a packet from its type to its data. */
  private static final class Cursor {
    private final String text;
    private int at;

    private Cursor(String text) {
      this.text = text;
    }

    private boolean atEnd() {
      return at == text.length();
    }

    private char type() {
      return text.charAt(at++);
    }

    private int attachments() throws MalformedPacketException {
      OptionalLong count = digits(2);
      if (count.isEmpty() || atEnd() || text.charAt(at++) != '-') {
        throw new MalformedPacketException("illegal number of attachments");
      }
      if (count.getAsLong() < 1 || count.getAsLong() > Attachments.MAX_COUNT) {
        throw new MalformedPacketException("too many attachments, or none");
      }
      return (int) count.getAsLong();
    }

    private String namespace() throws MalformedPacketException {
      if (atEnd() || text.charAt(at) != '/') {
        return SocketIoPacket.MAIN;
      }
      int comma = text.indexOf(',', at);
      int end = comma < 0 ? text.length() : comma;
      if (end - at > MAX_NAMESPACE_LENGTH) {
        throw new MalformedPacketException("the namespace is too long");
      }
      String namespace = text.substring(at, end);
      at = comma < 0 ? end : comma + 1;
      return namespace;
    }

    private OptionalLong id() throws MalformedPacketException {
      return digits(MAX_ID_DIGITS);
    }

    private OptionalLong digits(int max) throws MalformedPacketException {
      int start = at;
      long value = 0;
      while (!atEnd() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        if (at - start == max) {
          throw new MalformedPacketException("a number is too long");
        }
        value = value * 10 + (text.charAt(at++) - '0');
      }
      return at == start ? OptionalLong.empty() : OptionalLong.of(value);
    }

    private JsonNode json() throws MalformedPacketException {
      try {
        return Json.parseWithinBounds(text.substring(at))
            .orElseThrow(() -> new MalformedPacketException("no JSON"));
      } catch (StreamConstraintsException e) {
        throw new MalformedPacketException("JSON beyond the bounds");
      }
    }
  }
}
