package dev.parley.http.uploads;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** What senders call their files, made harmless. */
final class FileName {
  private static final int MAX_LENGTH = 200;

  private FileName() {}

  /**
   * The last part of a path, without control characters, at most {@value #MAX_LENGTH} characters.
   */
  static String of(String sent) {
    String last = sent.substring(Math.max(sent.lastIndexOf('/'), sent.lastIndexOf('\\')) + 1);
    StringBuilder name = new StringBuilder();
    last.codePoints().filter(FileName::isHarmless).limit(MAX_LENGTH).forEach(name::appendCodePoint);
    String stripped = name.toString().strip();
    return stripped.isEmpty() ? "file" : stripped;
  }

  /** Neither control, nor what turns the direction of text, nor half of a pair. */
  private static boolean isHarmless(int character) {
    int type = Character.getType(character);
    return type != Character.CONTROL && type != Character.FORMAT && type != Character.SURROGATE;
  }

  /** A {@code Content-Disposition}: for old clients in ASCII, then as it is (RFC 6266). */
  static String disposition(boolean shown, String name) {
    String ascii = name.replaceAll("[^ -~]", "_").replaceAll("[\"\\\\]", "_");
    String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    return (shown ? "inline" : "attachment")
        + "; filename=\""
        + ascii
        + "\"; filename*=UTF-8''"
        + encoded.replace("*", "%2A");
  }
}
