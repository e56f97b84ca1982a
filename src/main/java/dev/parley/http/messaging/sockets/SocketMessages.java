package dev.parley.http.messaging.sockets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.http.messaging.MessageSending;
import dev.parley.http.messaging.SentMessage;
import dev.parley.http.shared.Json;
import java.util.concurrent.CompletionStage;

/**
 * Messages that come by {@code "2"}: the same as by HTTP (eliza.md section 9.3), in other words.
 * Who sends is the session's user, whatever {@code senderId} says.
 */
final class SocketMessages {
  private final MessageSending sending;
  private final MessageEvents.AgentNames agents;

  SocketMessages(MessageSending sending, MessageEvents.AgentNames agents) {
    this.sending = sending;
    this.agents = agents;
  }

  /**
   * Stores the message of a payload. Throws, or fails with, {@link
   * dev.parley.http.messaging.MessagingRefused}.
   */
  CompletionStage<SentMessage> send(String channelId, JsonNode payload) {
    ObjectNode body = Json.object();
    body.set("content", payload.path("message"));
    body.set("attachments", payload.get("attachments"));
    body.set("metadata", metadata(payload));
    return sending.sendInto(channelId, body);
  }

  /** With what the payload says of sender and message; what is no object is left to be refused. */
  private static JsonNode metadata(JsonNode payload) {
    JsonNode given = payload.path("metadata");
    if (!given.isObject() && !given.isNull() && !given.isMissingNode()) {
      return given;
    }
    ObjectNode metadata = Json.object();
    if (given instanceof ObjectNode own) {
      metadata.setAll(own);
    }
    copy(payload.path("senderName"), metadata, MessageEvents.SENDER_NAME);
    copy(payload.path("source"), metadata, MessageEvents.SOURCE);
    copy(payload.path("messageId"), metadata, MessageEvents.CLIENT_MESSAGE_ID);
    return metadata;
  }

  private static void copy(JsonNode value, ObjectNode to, String field) {
    if (value.isTextual()) {
      to.set(field, value);
    }
  }

  /** What the sender is told. */
  RoomEvent acknowledgement(SentMessage sent) {
    String channelId = sent.parties().channelId();
    ObjectNode payload = Json.object();
    JsonNode clientMessageId = sent.message().metadata().path(MessageEvents.CLIENT_MESSAGE_ID);
    if (clientMessageId.isTextual()) {
      payload.set("clientMessageId", clientMessageId);
    }
    payload
        .put("messageId", sent.message().id())
        .put("status", "received_by_server_and_processing")
        .put("channelId", channelId)
        .put("roomId", channelId);
    return new RoomEvent("messageAck", payload);
  }

  /** The message as those in the room get it. */
  RoomEvent copy(SentMessage sent) {
    return new MessageEvents(sent.parties(), agents).ofUser(sent.message());
  }
}
