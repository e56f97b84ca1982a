package dev.parley.http.socketio;

import java.util.Iterator;
import java.util.List;

/**
 * An Engine.IO packet as it goes over either transport, shared by all who get it.
 *
 * @param bytes its size in UTF-8
 */
record Encoded(String text, int bytes) {
  static final Encoded PING = control(EnginePacket.Type.PING, "");
  static final Encoded PROBE_ANSWER = control(EnginePacket.Type.PONG, "probe");
  static final Encoded CLOSE = control(EnginePacket.Type.CLOSE, "");
  static final Encoded NOOP = control(EnginePacket.Type.NOOP, "");

  static Encoded control(EnginePacket.Type type, String data) {
    return of(type.digit() + data);
  }

  /**
   * @param packet of Socket.IO
   */
  static Encoded message(String packet) {
    return of(EnginePacket.Type.MESSAGE.digit() + packet);
  }

  private static Encoded of(String text) {
    return new Encoded(text, utf8Length(text));
  }

  /** The body of the answer to a poll. */
  static String payload(List<Encoded> packets) {
    StringBuilder payload =
        new StringBuilder(packets.stream().mapToInt(packet -> packet.text.length() + 1).sum());
    for (Iterator<Encoded> each = packets.iterator(); each.hasNext(); ) {
      payload.append(each.next().text);
      if (each.hasNext()) {
        payload.append(EnginePacket.SEPARATOR);
      }
    }
    return payload.toString();
  }

  /** The size of the text in UTF-8, without encoding it. */
  static int utf8Length(String text) {
    int length = text.length();
    int bytes = length;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        // Each half of a pair counts two, which makes the four of the pair.
        bytes += c >= 0x800 && !Character.isSurrogate(c) ? 2 : 1;
      }
    }
    return bytes;
  }
}
