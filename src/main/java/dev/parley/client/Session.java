package dev.parley.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A session as the server showed it.
 *
 * @param document all of it, also what has no method here
 */
public record Session(ObjectNode document) {
  /** What a session is at an instant. */
  public enum Status {
    ACTIVE,
    CLOSED,
    EXPIRED
  }

  static Optional<Session> of(JsonNode json) {
    return json instanceof ObjectNode document && document.path("id").isTextual()
        ? Optional.of(new Session(document))
        : Optional.empty();
  }

  /** The id that the server gave it, {@code session_…}. */
  public String id() {
    return document.path("id").asText();
  }

  /** The id that its creator gave it. */
  public Optional<String> externalId() {
    return text("externalId");
  }

  /** The id that it goes by: the external one if it has one. */
  public String key() {
    return externalId().orElseGet(this::id);
  }

  /** What kind of conversation it is, in its creator's words. */
  public String type() {
    return document.path("type").asText();
  }

  /** Who answers it. */
  public String taskIdentifier() {
    return document.path("taskIdentifier").asText();
  }

  /** By what else it can be found; up to 10. */
  public List<String> tags() {
    List<String> tags = new ArrayList<>();
    document.path("tags").forEach(tag -> tags.add(tag.asText()));
    return List.copyOf(tags);
  }

  /** What its creator said about it. */
  public Optional<JsonNode> metadata() {
    return Optional.of(document.path("metadata")).filter(JsonNode::isObject);
  }

  public Instant createdAt() {
    return Instant.parse(document.path("createdAt").asText());
  }

  /** When something of this document changed last; records change nothing of it. */
  public Instant updatedAt() {
    return Instant.parse(document.path("updatedAt").asText());
  }

  /** When it ends by itself, as far as that was known. */
  public Optional<Instant> expiresAt() {
    return text("expiresAt").map(Instant::parse);
  }

  /** When somebody closed it. */
  public Optional<Instant> closedAt() {
    return text("closedAt").map(Instant::parse);
  }

  /** What was said about that. */
  public Optional<String> closedReason() {
    return text("closedReason");
  }

  /** Closed, else expired when its end has come, else active. */
  public Status status(Instant now) {
    if (closedAt().isPresent()) {
      return Status.CLOSED;
    }
    return expiresAt().filter(end -> !end.isAfter(now)).isPresent()
        ? Status.EXPIRED
        : Status.ACTIVE;
  }

  private Optional<String> text(String field) {
    return Optional.ofNullable(document.path(field).textValue());
  }
}
