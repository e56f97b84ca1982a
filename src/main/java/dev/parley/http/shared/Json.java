package dev.parley.http.shared;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.session.IsoTime;
import dev.parley.session.Text;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reading and writing JSON. Depth, length of numbers and size of names are bounded by Jackson. */
public final class Json {
  /** What could be read can be written within a few objects and arrays of ours. */
  private static final int WRAPPING = 100;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamWriteConstraints(
                      StreamWriteConstraints.builder()
                          .maxNestingDepth(StreamReadConstraints.DEFAULT_MAX_DEPTH + WRAPPING)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private Json() {}

  /** The document, or empty when the bytes are none. */
  public static Optional<JsonNode> parse(byte[] bytes) {
    try {
      JsonNode node = MAPPER.readTree(bytes);
      return node == null || node.isMissingNode() ? Optional.empty() : Optional.of(node);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * The document in the text, or empty when it is none.
   *
   * @throws StreamConstraintsException when it is beyond our bounds, so that nobody here can say
   *     what it holds
   */
  public static Optional<JsonNode> parseWithinBounds(String text)
      throws StreamConstraintsException {
    try {
      return Optional.of(MAPPER.readTree(text)).filter(node -> !node.isMissingNode());
    } catch (StreamConstraintsException e) {
      throw e;
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** Parses text that was written by {@link #text}. */
  public static JsonNode parseStored(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("stored JSON can't be read", e);
    }
  }

  /** The shortest text of the document; it can be written as UTF-8. */
  public static String text(JsonNode node) {
    try {
      return Text.escapeHalfPairs(MAPPER.writeValueAsString(node));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** The instant as text, or null. */
  public static @Nullable String date(@Nullable Instant instant) {
    return instant == null ? null : IsoTime.format(instant);
  }
}
