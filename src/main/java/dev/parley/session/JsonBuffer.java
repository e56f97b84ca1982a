package dev.parley.session;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes JSON as UTF-8 bytes, strings escaped exactly as {@code JSON.stringify} does. For the hot
 * paths, where text is copied from bytes to bytes and metered on the way.
 */
public final class JsonBuffer {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private byte[] bytes;
  private int length;

  /**
   * @param capacity expected length in bytes
   */
  public JsonBuffer(int capacity) {
    bytes = new byte[Math.max(16, capacity)];
  }

  /** Appends text as it is. */
  public JsonBuffer raw(String text) {
    return raw(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Appends bytes as they are. */
  public JsonBuffer raw(byte[] text) {
    ensure(text.length);
    System.arraycopy(text, 0, bytes, length, text.length);
    length += text.length;
    return this;
  }

  public JsonBuffer number(long value) {
    return raw(Long.toString(value).getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Appends a string with its quotation marks; half of a surrogate pair becomes an escape. */
  public JsonBuffer quoted(String text) {
    ensure(1);
    bytes[length++] = '"';
    int plain = 0;
    for (int half = Text.halfPair(text, 0); half >= 0; half = Text.halfPair(text, plain)) {
      escaped(text.substring(plain, half).getBytes(StandardCharsets.UTF_8));
      raw("\\u" + Integer.toHexString(text.charAt(half)));
      plain = half + 1;
    }
    escaped(text.substring(plain).getBytes(StandardCharsets.UTF_8));
    ensure(1);
    bytes[length++] = '"';
    return this;
  }

  /**
   * Appends a string with its quotation marks.
   *
   * @param utf8 valid UTF-8
   */
  public JsonBuffer quoted(byte[] utf8) {
    ensure(utf8.length + 2);
    bytes[length++] = '"';
    escaped(utf8);
    ensure(1);
    bytes[length++] = '"';
    return this;
  }

  private void escaped(byte[] utf8) {
    int plain = 0;
    for (int i = 0; i < utf8.length; i++) {
      byte b = utf8[i];
      // Bytes of a multi-byte character are negative and pass as they are.
      if (b >= 0 && (b < 0x20 || b == '"' || b == '\\')) {
        copy(utf8, plain, i);
        escape(b);
        plain = i + 1;
      }
    }
    copy(utf8, plain, utf8.length);
  }

  /** What was written, in an array of its own. */
  public byte[] toBytes() {
    return bytes.length == length ? bytes : Arrays.copyOf(bytes, length);
  }

  private void copy(byte[] source, int from, int to) {
    int count = to - from;
    ensure(count);
    System.arraycopy(source, from, bytes, length, count);
    length += count;
  }

  private void escape(byte b) {
    ensure(6);
    bytes[length++] = '\\';
    switch (b) {
      case '"', '\\' -> bytes[length++] = b;
      case '\b' -> bytes[length++] = 'b';
      case '\f' -> bytes[length++] = 'f';
      case '\n' -> bytes[length++] = 'n';
      case '\r' -> bytes[length++] = 'r';
      case '\t' -> bytes[length++] = 't';
      default -> {
        bytes[length++] = 'u';
        bytes[length++] = '0';
        bytes[length++] = '0';
        bytes[length++] = HEX[b >> 4];
        bytes[length++] = HEX[b & 15];
      }
    }
  }

  private void ensure(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length + (bytes.length >> 1)));
    }
  }
}
