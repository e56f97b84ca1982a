package dev.parley.http.messaging.sockets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.agent.AgentDefinition;
import dev.parley.agent.AgentRegistry;
import dev.parley.http.messaging.MessagingSession.Parties;
import dev.parley.http.shared.Json;
import dev.parley.session.SequencedRecord;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

/**
 * What the records of a session mean to its room (eliza.md section 9.3; their shapes: across.md
 * section 1). What has another shape is not for this face and brings no event.
 */
final class MessageEvents {
  /** There is one message server, and this is its id (eliza.md section 9.2). */
  static final String SERVER_ID = "00000000-0000-0000-0000-000000000000";

  /** Where a message's metadata keep what {@code "2"} says of the sender. */
  static final String SENDER_NAME = "user_display_name";

  static final String SOURCE = "source";
  static final String CLIENT_MESSAGE_ID = "clientMessageId";

  private final Parties parties;
  private final AgentRegistry agents;

  MessageEvents(Parties parties, AgentRegistry agents) {
    this.parties = parties;
    this.agents = agents;
  }

  /** The event that a record of {@code .in} brings. */
  Optional<RoomEvent> ofUser(SequencedRecord record) {
    JsonNode data = RecordData.of(record.content());
    if (!isMessage(data)) {
      return Optional.empty();
    }
    JsonNode metadata = data.path("metadata");
    ObjectNode message =
        message(
            record,
            data,
            parties.userId(),
            metadata.path(SENDER_NAME).asText("User"),
            metadata.path(SOURCE).asText("user"));
    if (metadata.path(CLIENT_MESSAGE_ID).isTextual()) {
      message.set(CLIENT_MESSAGE_ID, metadata.path(CLIENT_MESSAGE_ID));
    }
    return Optional.of(new RoomEvent("messageBroadcast", message));
  }

  /** The event that a record of {@code .out} brings. */
  Optional<RoomEvent> ofAgent(SequencedRecord record) {
    JsonNode data = RecordData.of(record.content());
    return switch (data.path("type").asText()) {
      case "message" -> isMessage(data) ? Optional.of(answer(record, data)) : Optional.empty();
      case "text-delta" -> chunk(data);
      case "error" -> failure(data);
      default -> Optional.empty();
    };
  }

  private static boolean isMessage(JsonNode data) {
    return data.path("type").asText().equals("message") && data.path("id").isTextual();
  }

  private RoomEvent answer(SequencedRecord record, JsonNode data) {
    String name = agents.now().byId(parties.agentId()).map(AgentDefinition::name).orElse("Agent");
    return new RoomEvent(
        "messageBroadcast", message(record, data, parties.agentId(), name, "agent_response"));
  }

  private ObjectNode message(
      SequencedRecord record, JsonNode data, String author, String name, String source) {
    ObjectNode message =
        Json.object()
            .put("id", data.path("id").textValue())
            .put("senderId", data.path("authorId").asText(author))
            .put("senderName", name)
            .put("text", text(data.path("content")))
            .put("channelId", parties.channelId())
            .put("roomId", parties.channelId())
            .put("messageServerId", SERVER_ID)
            .put("serverId", SERVER_ID)
            .put("createdAt", createdAt(record, data))
            .put("source", source);
    for (String optional : List.of("thought", "actions", "attachments")) {
      if (data.hasNonNull(optional)) {
        message.set(optional, data.get(optional));
      }
    }
    return message;
  }

  private static String text(JsonNode content) {
    return content.isTextual() || content.isMissingNode() ? content.asText() : Json.text(content);
  }

  /** In milliseconds; the record's own time where the message says none. */
  private static long createdAt(SequencedRecord record, JsonNode data) {
    try {
      return Instant.parse(data.path("createdAt").asText()).toEpochMilli();
    } catch (DateTimeParseException | ArithmeticException e) {
      return record.timestamp();
    }
  }

  private Optional<RoomEvent> chunk(JsonNode data) {
    boolean whole =
        data.path("messageId").isTextual()
            && data.path("delta").isTextual()
            && data.path("index").isIntegralNumber();
    return whole
        ? Optional.of(
            new RoomEvent(
                "messageStreamChunk",
                Json.object()
                    .put("messageId", data.path("messageId").textValue())
                    .put("chunk", data.path("delta").textValue())
                    .put("index", data.path("index").longValue())
                    .put("agentId", parties.agentId())
                    .put("channelId", parties.channelId())))
        : Optional.empty();
  }

  private Optional<RoomEvent> failure(JsonNode data) {
    if (!data.path("messageId").isTextual()) {
      return Optional.empty();
    }
    ObjectNode failure =
        Json.object()
            .put("messageId", data.path("messageId").textValue())
            .put("channelId", parties.channelId())
            .put("agentId", parties.agentId())
            .put("error", data.path("error").asText("The agent failed"));
    if (data.path("partialText").isTextual()) {
      failure.set("partialText", data.path("partialText"));
    }
    return Optional.of(new RoomEvent("messageStreamError", failure));
  }
}
