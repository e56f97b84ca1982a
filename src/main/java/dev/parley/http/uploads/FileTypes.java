package dev.parley.http.uploads;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.pekko.util.ByteString;
import org.apache.tika.config.TikaConfig;
import org.apache.tika.detect.TextDetector;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.mime.MediaType;
import org.apache.tika.mime.MimeTypes;

/**
 * What a file is, by its first bytes alone, and whether it is of an allowed family: images, PDF,
 * SQLite, XML, plain text (web-runtime.md section 7). HTML is of none, in whatever dress.
 */
final class FileTypes {
  /** What the detection looks at. */
  static final int PREFIX = 65_536;

  private static final String TEXT = "text/plain";
  private static final Set<String> RASTER =
      Set.of(
          "image/png",
          "image/jpeg",
          "image/gif",
          "image/webp",
          "image/avif",
          "image/bmp",
          "image/vnd.microsoft.icon");

  private static final String XML = "application/xml";
  private static final Set<String> HTML = Set.of("text/html", "application/xhtml+xml");

  private static final int SNIFFED = 4_096;

  /** By which browsers take a text for HTML (MIME Sniffing, section 7.1), also behind comments. */
  private static final Pattern BEGIN_OF_HTML =
      Pattern.compile(
          "(\u00ef\u00bb\u00bf)?(\\s++|<!--.*?-->)*+<(!doctype html|html|head|script|iframe|h1|div|font"
              + "|table|a|style|title|b|body|br|p)[ >/\\s]",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private final MimeTypes byMagic = TikaConfig.getDefaultConfig().getMimeRepository();
  private final TextDetector byText = new TextDetector(4_096);

  /**
   * The MIME type under which the file is kept; empty for one that is not allowed.
   *
   * @param prefix the first {@value #PREFIX} bytes, or all there are
   */
  Optional<String> of(ByteString prefix) {
    byte[] bytes = prefix.toArray();
    String detected = detect(byMagic, bytes).getBaseType().toString();
    if (HTML.contains(detected)) {
      return Optional.empty();
    }
    if (detected.startsWith("image/")
        || detected.equals("application/pdf")
        || detected.equals("application/x-sqlite3")) {
      return Optional.of(detected);
    }
    if (detected.equals(XML) || detected.equals("text/xml") || detected.endsWith("+xml")) {
      return Optional.of(XML);
    }
    return isText(bytes) && !looksLikeHtml(bytes) ? Optional.of(TEXT) : Optional.empty();
  }

  /** Whether a browser may show it in its place; everything else is a download. */
  static boolean isShown(String type) {
    return RASTER.contains(type) || isPdf(type) || type.equals(TEXT);
  }

  static boolean isPdf(String type) {
    return type.equals("application/pdf");
  }

  private static boolean looksLikeHtml(byte[] bytes) {
    int length = Math.min(bytes.length, SNIFFED);
    return BEGIN_OF_HTML.matcher(new String(bytes, 0, length, ISO_8859_1)).lookingAt();
  }

  private boolean isText(byte[] bytes) {
    return detect(byText, bytes).getBaseType().toString().equals(TEXT);
  }

  private static MediaType detect(org.apache.tika.detect.Detector detector, byte[] bytes) {
    try {
      return detector.detect(new ByteArrayInputStream(bytes), new Metadata());
    } catch (IOException e) {
      throw new UncheckedIOException("bytes in memory can be read", e);
    }
  }
}
