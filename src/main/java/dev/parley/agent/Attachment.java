package dev.parley.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.session.Text;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Something beside the text of a message (eliza.md section 6.1).
 *
 * @param type one of {@link #TYPES}
 * @param url 1 to {@value #MAX_URL} characters: the content itself may stand in it
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

  /** The most characters of a URL. */
  public static final int MAX_URL = 262_144;

  /**
   * @throws IllegalArgumentException when it is none; the message does not show the values
   */
  public Attachment {
    require(TYPES.contains(type), "its type must be image, file, audio, video or document");
    require(
        !url.isBlank() && fits(url, MAX_URL),
        "its url must be text of 1 to " + MAX_URL + " characters");
    require(name == null || fits(name, 256), "its name must be text of at most 256 characters");
    require(size == null || size >= 0, "its size must not be negative");
    require(
        mimeType == null || fits(mimeType, 256),
        "its mimeType must be text of at most 256 characters");
  }

  /**
   * The attachment that a JSON object describes; unknown fields are of no interest.
   *
   * @throws IllegalArgumentException when it describes none; the message does not show the values
   */
  public static Attachment of(JsonNode json) {
    JsonNode size = json.path("size");
    require(
        size.isMissingNode()
            || size.isNull()
            || (size.isIntegralNumber() && size.canConvertToLong()),
        "its size must be a whole number");
    return new Attachment(
        json.path("type").asText(""),
        json.path("url").asText(""),
        text(json, "name"),
        size.isNumber() ? size.longValue() : null,
        text(json, "mimeType"));
  }

  private static @Nullable String text(JsonNode json, String name) {
    JsonNode value = json.path(name);
    require(
        value.isMissingNode() || value.isNull() || value.isTextual(),
        "its " + name + " must be text");
    return value.textValue();
  }

  /** As JSON, without what is absent. */
  public ObjectNode toJson() {
    ObjectNode json = AgentJson.newObject().put("type", type).put("url", url);
    if (name != null) {
      json.put("name", name);
    }
    if (size != null) {
      json.put("size", size);
    }
    if (mimeType != null) {
      json.put("mimeType", mimeType);
    }
    return json;
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
