package dev.parley.session;

import java.nio.charset.StandardCharsets;

/**
 * The JSON around a data record's value: {@code {"data":…,"id":"…"}} (trigger.md section 4.1). Its
 * length is metered, so it is the shortest form.
 */
public final class Envelope {
  private Envelope() {}

  /**
   * An envelope whose data is a string.
   *
   * @param utf8 the string, valid UTF-8
   */
  public static Bytes ofText(byte[] utf8, String id) {
    JsonBuffer out = new JsonBuffer(utf8.length + utf8.length / 8 + id.length() + 32);
    return finish(out.raw("{\"data\":").quoted(utf8), id);
  }

  /**
   * An envelope whose data is a JSON value.
   *
   * @param json the value's text
   */
  public static Bytes ofJson(String json, String id) {
    JsonBuffer out = new JsonBuffer(json.length() + id.length() + 32);
    return finish(out.raw("{\"data\":").raw(json), id);
  }

  /** The text as a JSON string, with its quotation marks. */
  static String quote(String text) {
    return new String(
        new JsonBuffer(text.length() + 16).quoted(text).toBytes(), StandardCharsets.UTF_8);
  }

  private static Bytes finish(JsonBuffer out, String id) {
    return Bytes.wrap(out.raw(",\"id\":").quoted(id).raw("}").toBytes());
  }
}
