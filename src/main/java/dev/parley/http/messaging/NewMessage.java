package dev.parley.http.messaging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.agent.Attachment;
import dev.parley.http.shared.Json;
import dev.parley.session.PartId;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The message that a client wants to send (eliza.md section 6.1). Its text and transport are
 * checked before the session, the rest behind it.
 */
final class NewMessage {
  /** How the client wants the answer. */
  enum Transport {
    HTTP,
    SSE,
    WEBSOCKET
  }

  /** In UTF-16 code units. */
  private static final int MAX_CONTENT = 4_000;

  private static final int MAX_KEY = 256;

  private static final Map<String, Transport> TRANSPORTS =
      Map.of(
          "http", Transport.HTTP,
          "sync", Transport.HTTP,
          "sse", Transport.SSE,
          "stream", Transport.SSE,
          "websocket", Transport.WEBSOCKET);

  private final JsonNode body;
  private final Transport transport;
  private final @Nullable String key;

  private NewMessage(JsonNode body, Transport transport, @Nullable String key) {
    this.body = body;
    this.transport = transport;
    this.key = key;
  }

  /**
   * @param key by which a repetition is recognised; empty to look for {@code
   *     metadata.clientMessageId}
   * @throws MessagingRefused 400 for another transport or a content that is no text
   */
  static NewMessage read(JsonNode body, Optional<String> key) {
    Transport transport = transport(body);
    if (!body.path("content").isTextual()) {
      throw invalid("Content must be a string");
    }
    return new NewMessage(body, transport, key.orElseGet(() -> clientMessageId(body)));
  }

  private static @Nullable String clientMessageId(JsonNode body) {
    JsonNode id = body.path("metadata").path("clientMessageId");
    return id.isTextual() && !id.textValue().isEmpty() ? id.textValue() : null;
  }

  private static Transport transport(JsonNode body) {
    JsonNode wanted = body.hasNonNull("transport") ? body.get("transport") : body.path("mode");
    if (wanted.isMissingNode() || wanted.isNull()) {
      return Transport.WEBSOCKET;
    }
    if (!wanted.isTextual()) {
      throw invalid("Transport must be a string");
    }
    Transport transport = TRANSPORTS.get(wanted.textValue());
    if (transport == null) {
      throw invalid("Invalid transport. Must be one of: http, sse, websocket, sync, stream");
    }
    return transport;
  }

  /**
   * Checks what comes behind the session.
   *
   * @throws MessagingRefused 400
   */
  void check() {
    if (content().isEmpty()) {
      throw invalid("Content cannot be empty");
    }
    if (content().length() > MAX_CONTENT) {
      throw invalid(
          "Content exceeds the maximum length of %d characters, got %d"
              .formatted(MAX_CONTENT, content().length()));
    }
    metadata();
    attachments();
    if (key != null && key.length() > MAX_KEY) {
      throw invalid("The idempotency key must have at most %d characters".formatted(MAX_KEY));
    }
  }

  String content() {
    return body.get("content").textValue();
  }

  Transport transport() {
    return transport;
  }

  /** The client's own metadata. */
  ObjectNode metadata() {
    return (ObjectNode) Json.parseStored(Metadata.read(body.path("metadata")));
  }

  /** What goes along with the text; unknown fields are left out. */
  ArrayNode attachments() {
    ArrayNode attachments = Json.object().putArray("attachments");
    JsonNode given = body.path("attachments");
    if (given.isMissingNode() || given.isNull()) {
      return attachments;
    }
    if (!given.isArray()) {
      throw invalid("Attachments must be an array");
    }
    for (JsonNode attachment : given) {
      try {
        attachments.add(Attachment.of(attachment).toJson());
      } catch (IllegalArgumentException e) {
        throw invalid("Attachment %d is none: %s".formatted(attachments.size(), e.getMessage()));
      }
    }
    return attachments;
  }

  /** What a repetition is recognised by; null when the client does not care. */
  @Nullable PartId partId() {
    return key == null ? null : PartId.of("message:" + key);
  }

  private static MessagingRefused invalid(String reason) {
    return MessagingError.invalidContent(reason).refused();
  }
}
