package dev.parley.http.uploads;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A multipart body as browsers write it. */
final class FormData {
  static final String TYPE = "multipart/form-data; boundary=----parley1234";
  private static final String BOUNDARY = "------parley1234";

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Adds a file. */
  FormData file(String field, String name, String type, byte[] content) {
    text(
        BOUNDARY
            + "\r\nContent-Disposition: form-data; name=\""
            + field
            + "\"; filename=\""
            + name
            + "\"\r\nContent-Type: "
            + type
            + "\r\n\r\n");
    bytes.writeBytes(content);
    text("\r\n");
    return this;
  }

  /** Adds a field that is no file. */
  FormData field(String name, String value) {
    text(
        BOUNDARY
            + "\r\nContent-Disposition: form-data; name=\""
            + name
            + "\"\r\n\r\n"
            + value
            + "\r\n");
    return this;
  }

  byte[] end() {
    text(BOUNDARY + "--\r\n");
    return bytes.toByteArray();
  }

  private void text(String text) {
    bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }
}
