package dev.parley.client;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts the bytes of an event stream into events, however they are cut on their way. Lines end with
 * LF or CRLF. To be used by one response.
 */
final class SseDecoder {
  /** The largest that a server sends is a body of 1 MiB, each byte of it escaped by six. */
  private static final int MAX_LINE = 16 * 1024 * 1024;

  /**
   * An event.
   *
   * @param name {@code message} when it has none
   * @param data empty when it has none
   */
  record Event(String name, String data) {}

  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private String name = "message";
  private StringBuilder data = new StringBuilder();
  private boolean any;

  /**
   * The events that these bytes complete.
   *
   * @throws IllegalStateException when a line has no end
   */
  List<Event> decode(ByteBuffer bytes) {
    byte[] chunk = new byte[bytes.remaining()];
    bytes.get(chunk);
    List<Event> events = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < chunk.length; i++) {
      if (chunk[i] == '\n') {
        line.write(chunk, start, i - start);
        endLine(events);
        start = i + 1;
      }
    }
    line.write(chunk, start, chunk.length - start);
    if (line.size() > MAX_LINE) {
      throw new IllegalStateException("a line of more than " + MAX_LINE + " bytes");
    }
    return events;
  }

  private void endLine(List<Event> events) {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    if (text.endsWith("\r")) {
      text = text.substring(0, text.length() - 1);
    }
    if (text.isEmpty()) {
      if (any) {
        events.add(new Event(name, data.toString()));
      }
      name = "message";
      data = new StringBuilder();
      any = false;
    } else {
      field(text);
    }
  }

  private void field(String text) {
    int colon = text.indexOf(':');
    String field = colon < 0 ? text : text.substring(0, colon);
    String value = colon < 0 ? "" : text.substring(colon + 1);
    value = value.startsWith(" ") ? value.substring(1) : value;
    if (field.equals("event")) {
      name = value;
      any = true;
    } else if (field.equals("data")) {
      data.append(data.isEmpty() ? "" : "\n").append(value);
      any = true;
    }
  }
}
