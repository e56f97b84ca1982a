package dev.parley.http.messaging;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.http.shared.Json;
import dev.parley.session.Text;

/** What a client keeps with a session or a message (eliza.md section 5.1). */
final class Metadata {
  /** In UTF-16 code units of the compact JSON text. */
  private static final int MAX_LENGTH = 10_240;

  private Metadata() {}

  /**
   * The metadata as compact JSON text.
   *
   * @throws MessagingRefused 400 for what is no object or too large
   */
  static String read(JsonNode given) {
    if (given.isMissingNode() || given.isNull()) {
      return "{}";
    }
    if (!given.isObject()) {
      throw MessagingError.invalidMetadata("Metadata must be an object").refused();
    }
    String text = Json.text(given);
    if (text.length() > MAX_LENGTH) {
      throw MessagingError.invalidMetadata(
              "Metadata exceeds the maximum size of %d bytes, got %d"
                  .formatted(MAX_LENGTH, text.length()))
          .refused();
    }
    // NUL stands there as an escape, so only half a surrogate pair can be the problem.
    Text.problem(given.toString())
        .ifPresent(
            problem -> {
              throw MessagingError.invalidMetadata("Metadata " + problem).refused();
            });
    return text;
  }
}
