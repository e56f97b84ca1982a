package dev.parley.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * Something that one waits for and another completes, as the server showed it.
 *
 * @param document all of it, also what has no method here
 */
public record Waitpoint(ObjectNode document) {
  /** How far it has come. */
  public enum Status {
    WAITING,
    COMPLETED,
    TIMED_OUT
  }

  static Optional<Waitpoint> of(JsonNode json) {
    return json instanceof ObjectNode document && document.path("status").isTextual()
        ? Optional.of(new Waitpoint(document))
        : Optional.empty();
  }

  public String id() {
    return document.path("id").asText();
  }

  public Status status() {
    return Status.valueOf(document.path("status").asText());
  }

  /** With what it was completed, or what is said of its deadline; empty while it waits. */
  public Optional<JsonNode> output() {
    return Optional.ofNullable(document.path("output").textValue()).flatMap(Json::parse);
  }
}
