package dev.parley.session;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The JSON around a data record's value: {@code {"data":…,"id":"…"}} (trigger.md section 4.1),
 * escaped exactly as {@code JSON.stringify} does, since its length is metered.
 */
public final class Envelope {
  private static final byte[] DATA = "{\"data\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ID = ",\"id\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private Envelope() {}

  /**
   * An envelope whose data is a string.
   *
   * @param utf8 the string, valid UTF-8
   */
  public static Bytes ofText(byte[] utf8, String id) {
    ByteArrayOutputStream out =
        new ByteArrayOutputStream(utf8.length + utf8.length / 8 + id.length() + 32);
    out.writeBytes(DATA);
    quote(utf8, out);
    return finish(out, id);
  }

  /**
   * An envelope whose data is a JSON value.
   *
   * @param json the value's text
   */
  public static Bytes ofJson(String json, String id) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(json.length() + id.length() + 32);
    out.writeBytes(DATA);
    out.writeBytes(json.getBytes(StandardCharsets.UTF_8));
    return finish(out, id);
  }

  /** The text as a JSON string, with its quotation marks. */
  public static String quote(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(text.length() + 16);
    quote(text.getBytes(StandardCharsets.UTF_8), out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static Bytes finish(ByteArrayOutputStream out, String id) {
    out.writeBytes(ID);
    quote(id.getBytes(StandardCharsets.UTF_8), out);
    out.write('}');
    return Bytes.wrap(out.toByteArray());
  }

  private static void quote(byte[] utf8, ByteArrayOutputStream out) {
    out.write('"');
    int plain = 0;
    for (int i = 0; i < utf8.length; i++) {
      byte b = utf8[i];
      // Bytes of a multi-byte character are negative and pass as they are.
      if (b >= 0 && (b < 0x20 || b == '"' || b == '\\')) {
        out.write(utf8, plain, i - plain);
        escape(b, out);
        plain = i + 1;
      }
    }
    out.write(utf8, plain, utf8.length - plain);
    out.write('"');
  }

  private static void escape(byte b, ByteArrayOutputStream out) {
    out.write('\\');
    switch (b) {
      case '"', '\\' -> out.write(b);
      case '\b' -> out.write('b');
      case '\f' -> out.write('f');
      case '\n' -> out.write('n');
      case '\r' -> out.write('r');
      case '\t' -> out.write('t');
      default -> {
        out.writeBytes(new byte[] {'u', '0', '0', HEX[b >> 4], HEX[b & 15]});
      }
    }
  }
}
