package dev.parley.agent;

import dev.parley.session.Text;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Something beside the text of a message (eliza.md section 6.1).
 *
 * @param type one of {@link #TYPES}
 * @param url 1 to 2048 characters
 * @param name at most 256 characters
 * @param size in bytes
 * @param mimeType at most 256 characters
 */
public record Attachment(
    String type,
    String url,
    @Nullable String name,
    @Nullable Long size,
    @Nullable String mimeType) {
  public static final Set<String> TYPES = Set.of("image", "file", "audio", "video", "document");

  /**
   * @throws IllegalArgumentException when it is none; the message does not show the values
   */
  public Attachment {
    require(TYPES.contains(type), "its type must be image, file, audio, video or document");
    require(!url.isBlank() && fits(url, 2048), "its url must be text of 1 to 2048 characters");
    require(name == null || fits(name, 256), "its name must be text of at most 256 characters");
    require(size == null || size >= 0, "its size must not be negative");
    require(
        mimeType == null || fits(mimeType, 256),
        "its mimeType must be text of at most 256 characters");
  }

  private static boolean fits(String text, int max) {
    return text.length() <= max && Text.problem(text).isEmpty();
  }

  private static void require(boolean condition, String rule) {
    if (!condition) {
      throw new IllegalArgumentException(rule);
    }
  }
}
