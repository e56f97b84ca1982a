package dev.parley.http.socketio;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** What goes over a transport (Engine.IO protocol 4). */
sealed interface EnginePacket
    permits EnginePacket.Control, EnginePacket.Text, EnginePacket.Binary, EnginePacket.Malformed {
  /** Between the packets of a polling request. */
  char SEPARATOR = '\u001e';

  /** In the order of their digits. */
  enum Type {
    OPEN,
    CLOSE,
    PING,
    PONG,
    MESSAGE,
    UPGRADE,
    NOOP;

    private static final Type[] BY_DIGIT = values();

    char digit() {
      return (char) ('0' + ordinal());
    }
  }

  /**
   * @param type any but {@link Type#MESSAGE}
   * @param data empty for most
   */
  record Control(Type type, String data) implements EnginePacket {}

  /** A message with a Socket.IO packet. */
  record Text(String data) implements EnginePacket {}

  /** A message with bytes that belong to the packet before it. */
  record Binary(byte[] data) implements EnginePacket {}

  /**
   * @param why for the log
   */
  record Malformed(String why) implements EnginePacket {}

  /** The packet in a WebSocket text message or in a piece of a polling request. */
  static EnginePacket decode(String text) {
    if (text.isEmpty()) {
      return new Malformed("empty packet");
    }
    char first = text.charAt(0);
    String data = text.substring(1);
    if (first == 'b') {
      return decodeBase64(data);
    }
    int digit = first - '0';
    if (digit < 0 || digit >= Type.BY_DIGIT.length) {
      return new Malformed("unknown packet type");
    }
    Type type = Type.BY_DIGIT[digit];
    return type == Type.MESSAGE ? new Text(data) : new Control(type, data);
  }

  private static EnginePacket decodeBase64(String data) {
    try {
      return new Binary(Base64.getDecoder().decode(data));
    } catch (IllegalArgumentException e) {
      return new Malformed("no base64");
    }
  }

  /** The packets of a polling request, up to the first that is malformed. */
  static List<EnginePacket> decodePayload(String payload) {
    List<EnginePacket> packets = new ArrayList<>();
    int start = 0;
    while (true) {
      int end = payload.indexOf(SEPARATOR, start);
      EnginePacket packet =
          decode(end < 0 ? payload.substring(start) : payload.substring(start, end));
      packets.add(packet);
      if (end < 0 || packet instanceof Malformed) {
        return packets;
      }
      start = end + 1;
    }
  }
}
