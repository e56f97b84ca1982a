package dev.parley.http.uploads;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.imageio.ImageIO;

/** Files of many types, small and real as far as their first bytes go. */
final class Samples {
  static final byte[] SVG =
      text(
          "<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\""
              + " height=\"9\"><script>alert(1)</script></svg>");
  static final byte[] HTML =
      text("<!DOCTYPE html>\n<html><body><script>x()</script></body></html>");
  static final byte[] XHTML =
      text("<?xml version=\"1.0\"?>\n<html xmlns=\"http://www.w3.org/1999/xhtml\"><body/></html>");
  static final byte[] XML = text("<?xml version=\"1.0\"?>\n<order><id>7</id></order>");
  static final byte[] PDF = text("%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n");
  static final byte[] TEXT = text("Grüße an alle.\nSubject: nothing\n");
  static final byte[] SQLITE = padded(text("SQLite format 3\0"), 4_096);
  static final byte[] PROGRAM = padded(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}, 2_000);
  static final byte[] ARCHIVE = padded(new byte[] {'P', 'K', 3, 4, 20, 0}, 500);
  static final byte[] NOISE = padded(new byte[] {0, 1, 2, 3, (byte) 0xfe, 7, 0, 9}, 300);

  private Samples() {}

  /**
   * @param format that the JDK can write: png, jpg, gif, bmp
   */
  static byte[] image(String format) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), format, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A text of that many bytes. */
  static byte[] longText(int size) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) 'a');
    return bytes;
  }

  private static byte[] padded(byte[] head, int size) {
    return Arrays.copyOf(head, size);
  }
}
