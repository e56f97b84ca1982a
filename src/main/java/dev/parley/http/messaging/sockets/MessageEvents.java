package dev.parley.http.messaging.sockets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.agent.MessageRecord;
import dev.parley.http.messaging.MessageView;
import dev.parley.http.messaging.MessagingSession.Parties;
import dev.parley.http.shared.Json;
import dev.parley.session.SequencedRecord;
import java.util.List;
import java.util.Optional;

/**
 * What the records of a session mean to its room (eliza.md section 9.3; their shapes: across.md
 * section 1). What has another shape is not for this face and brings no event.
 */
final class MessageEvents {
  /** Where a message's metadata keep what {@code "2"} says of the sender. */
  static final String SENDER_NAME = "user_display_name";

  static final String SOURCE = "source";
  static final String CLIENT_MESSAGE_ID = "clientMessageId";

  /** How agents are called. */
  interface AgentNames {
    Optional<String> find(String agentId);
  }

  private final Parties parties;
  private final AgentNames agents;

  MessageEvents(Parties parties, AgentNames agents) {
    this.parties = parties;
    this.agents = agents;
  }

  /** The event that a record of {@code .in} brings. */
  Optional<RoomEvent> ofUser(SequencedRecord record) {
    return MessageRecord.of(record).map(this::ofUser);
  }

  /** The event that a message of the user brings. */
  RoomEvent ofUser(MessageRecord message) {
    JsonNode metadata = message.metadata();
    ObjectNode broadcast =
        broadcast(
            message,
            metadata.path(SENDER_NAME).asText("User"),
            metadata.path(SOURCE).asText("user"));
    if (metadata.path(CLIENT_MESSAGE_ID).isTextual()) {
      broadcast.set(CLIENT_MESSAGE_ID, metadata.path(CLIENT_MESSAGE_ID));
    }
    return new RoomEvent("messageBroadcast", broadcast);
  }

  /** The event that a record of {@code .out} brings. */
  Optional<RoomEvent> ofAgent(SequencedRecord record) {
    Optional<MessageRecord> answer = MessageRecord.of(record);
    if (answer.isPresent()) {
      return answer.map(this::ofAgent);
    }
    JsonNode data = RecordData.of(record.content());
    return switch (data.path("type").asText()) {
      case "text-delta" -> chunk(data);
      case "error" -> failure(data);
      default -> Optional.empty();
    };
  }

  private RoomEvent ofAgent(MessageRecord message) {
    String name = agents.find(parties.agentId()).orElse("Agent");
    return new RoomEvent("messageBroadcast", broadcast(message, name, "agent_response"));
  }

  private ObjectNode broadcast(MessageRecord message, String senderName, String source) {
    ObjectNode broadcast =
        Json.object()
            .put("id", message.id())
            .put("senderId", message.authorId())
            .put("senderName", senderName)
            .put("text", message.content())
            .put("channelId", parties.channelId())
            .put("roomId", parties.channelId())
            .put("messageServerId", MessageView.SERVER_ID)
            .put("serverId", MessageView.SERVER_ID)
            .put("createdAt", message.createdAt().toEpochMilli())
            .put("source", source);
    for (String optional : List.of("thought", "actions", "attachments")) {
      if (message.data().hasNonNull(optional)) {
        broadcast.set(optional, message.data().get(optional));
      }
    }
    return broadcast;
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
