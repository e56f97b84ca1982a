package dev.parley.clickhouse;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The fields of a {@code multipart/form-data} body, as clients send long parameters. */
final class MultipartForm {
  private static final Pattern BOUNDARY =
      Pattern.compile("boundary=(?:\"([^\"]+)\"|([^;\\s]+))", Pattern.CASE_INSENSITIVE);
  private static final Pattern NAME =
      Pattern.compile(
          "content-disposition:[^\\r\\n]*[;\\s]name=\"([^\"]*)\"", Pattern.CASE_INSENSITIVE);
  private static final Pattern FILE =
      Pattern.compile("content-disposition:[^\\r\\n]*[;\\s]filename=", Pattern.CASE_INSENSITIVE);

  private MultipartForm() {}

  static boolean is(String contentType) {
    return contentType.regionMatches(true, 0, "multipart/form-data", 0, 19);
  }

  /**
   * Reads the fields, by name.
   *
   * @throws ClickHouseError for a file (ClickHouse's external tables) and a body that is no form
   */
  static Map<String, String> fields(String contentType, byte[] body) {
    Matcher boundary = BOUNDARY.matcher(contentType);
    if (!boundary.find()) {
      throw ClickHouseError.of(36, "BAD_ARGUMENTS", "No boundary in '" + contentType + "'.");
    }
    String name = boundary.group(1) == null ? boundary.group(2) : boundary.group(1);
    // Each character is a byte, so that values stay what they are.
    String text = "\r\n" + new String(body, StandardCharsets.ISO_8859_1);
    Map<String, String> fields = new LinkedHashMap<>();
    String[] parts = text.split(Pattern.quote("\r\n--" + name), -1);
    for (int i = 1; i < parts.length && !parts[i].startsWith("--"); i++) {
      field(parts[i], fields);
    }
    return fields;
  }

  private static void field(String part, Map<String, String> fields) {
    int end = part.indexOf("\r\n\r\n");
    String head = end < 0 ? part : part.substring(0, end);
    Matcher name = NAME.matcher(head);
    if (end < 0 || !name.find()) {
      throw ClickHouseError.of(36, "BAD_ARGUMENTS", "A part of the form has no name.");
    }
    if (FILE.matcher(head).find()) {
      throw ClickHouseError.notImplemented("external tables");
    }
    fields.put(utf8(name.group(1)), utf8(part.substring(end + 4)));
  }

  private static String utf8(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
