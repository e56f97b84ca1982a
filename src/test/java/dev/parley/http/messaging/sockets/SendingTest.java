package dev.parley.http.messaging.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.TestServer;
import dev.parley.http.Answer;
import dev.parley.http.Fixtures;
import dev.parley.http.Wire;
import dev.parley.http.messaging.Messaging;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** eliza.md sections 9.2 and 9.3, and part 12, item 18: messages by way of sockets. */
class SendingTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode session = Messaging.create(",\"metadata\":{\"plan\":\"gold\"}");
  private final String sessionId = session.get("sessionId").textValue();
  private final String channelId = session.get("channelId").textValue();
  private SocketClient client;

  @BeforeEach
  void connect() {
    client = SocketClient.connect(TestServer.origin(), "{}");
  }

  @AfterEach
  void disconnect() {
    client.close();
  }

  private ObjectNode message(String text) {
    return JSON.createObjectNode()
        .put("channelId", channelId)
        .put("senderId", session.get("userId").textValue())
        .put("messageServerId", "00000000-0000-0000-0000-000000000000")
        .put("message", text);
  }

  private JsonNode history() {
    return Messaging.ok(Wire.get(Messaging.session(sessionId) + "/messages")).get("messages");
  }

  private JsonNode oldest() {
    JsonNode messages = history();
    return messages.get(messages.size() - 1);
  }

  private Answer post(String body) {
    return Wire.post(Messaging.session(sessionId) + "/messages").body(body).send();
  }

  /** All broadcasts up to the agent's answer, which ends a turn. */
  private static List<JsonNode> untilAnswer(SocketClient client) {
    List<JsonNode> broadcasts = new ArrayList<>();
    do {
      broadcasts.add(client.await("messageBroadcast"));
    } while (!broadcasts
        .get(broadcasts.size() - 1)
        .get("source")
        .asText()
        .equals("agent_response"));
    return broadcasts;
  }

  @Test
  void a_message_is_acknowledged_stored_and_told_to_the_room() {
    try (SocketClient other = SocketClient.connect(TestServer.origin(), "{}")) {
      client.joinChannel(channelId);
      other.joinSession(sessionId);
      client.emit(
          "2",
          message("hello there")
              .put("messageId", "mine-1")
              .put("senderName", "Ann")
              .put("source", "widget")
              .toString());
      JsonNode ack = client.await("messageAck");
      String id = ack.get("messageId").textValue();
      assertThat(ack)
          .isEqualTo(
              Answer.parse(
                  ("{\"clientMessageId\":\"mine-1\",\"messageId\":\"%s\","
                          + "\"status\":\"received_by_server_and_processing\","
                          + "\"channelId\":\"%s\",\"roomId\":\"%s\"}")
                      .formatted(id, channelId, channelId)));
      JsonNode told = other.await("messageBroadcast");
      assertThat(told.get("id").textValue()).isEqualTo(id);
      assertThat(told.get("text").textValue()).isEqualTo("hello there");
      assertThat(told.get("senderId")).isEqualTo(session.get("userId"));
      assertThat(told.get("senderName").textValue()).isEqualTo("Ann");
      assertThat(told.get("source").textValue()).isEqualTo("widget");
      JsonNode stored = oldest();
      assertThat(stored.get("id").textValue()).isEqualTo(id);
      assertThat(stored.get("content").textValue()).isEqualTo("hello there");
      assertThat(stored.at("/metadata/plan").textValue()).isEqualTo("gold");
      assertThat(Messaging.get(sessionId).get("renewalCount").intValue()).isEqualTo(1);
    }
  }

  @Test
  void the_senders_own_copy_has_its_id_and_comes_once() {
    client.joinChannel(channelId);
    client.emit("2", message("hello").put("messageId", "mine-1").toString());
    List<JsonNode> broadcasts = untilAnswer(client);
    assertThat(broadcasts).hasSize(2);
    assertThat(broadcasts.get(0).get("clientMessageId").textValue()).isEqualTo("mine-1");
    assertThat(broadcasts.get(1).has("clientMessageId")).isFalse();
  }

  @Test
  void who_is_not_in_the_room_gets_the_own_copy_and_nothing_else() {
    client.emit(
        "message", "{\"type\":2,\"payload\":" + message("hello").put("messageId", "m") + "}");
    String id = client.next("messageAck").get("messageId").textValue();
    JsonNode copy = client.next("messageBroadcast");
    assertThat(copy.get("id").textValue()).isEqualTo(id);
    assertThat(copy.get("clientMessageId").textValue()).isEqualTo("m");
    client.hasNothing();
  }

  @Test
  void the_answer_streams_to_the_room_and_ends_with_its_whole() {
    client.joinSession(sessionId);
    client.emit("2", message("one two three").toString());
    StringBuilder chunks = new StringBuilder();
    List<String> ids = new ArrayList<>();
    while (true) {
      SocketClient.Event event = client.next();
      if (event.name().equals("messageStreamChunk")) {
        assertThat(event.payload().get("index").intValue()).isEqualTo(ids.size());
        assertThat(event.payload().get("agentId").textValue()).isEqualTo(Messaging.AGENT);
        assertThat(event.payload().get("channelId").textValue()).isEqualTo(channelId);
        chunks.append(event.payload().get("chunk").textValue());
        ids.add(event.payload().get("messageId").textValue());
      } else if (event.payload().path("senderId").asText().equals(Messaging.AGENT)) {
        assertThat(event.payload().get("text").textValue()).contains("one two three");
        assertThat(event.payload().get("text").textValue()).isEqualTo(chunks.toString());
        assertThat(ids).isNotEmpty().containsOnly(event.payload().get("id").textValue());
        return;
      }
    }
  }

  @Test
  void a_message_that_came_by_http_is_told_to_the_room() {
    client.joinChannel(channelId);
    Answer answer =
        post(
            "{\"content\":\"by HTTP\",\"metadata\":{\"clientMessageId\":\"c\"},\"transport\":\"http\"}");
    assertThat(answer.status()).isEqualTo(201);
    List<JsonNode> broadcasts = untilAnswer(client);
    assertThat(broadcasts).hasSize(2);
    JsonNode told = broadcasts.get(0);
    assertThat(told.get("id")).isEqualTo(answer.json().at("/userMessage/id"));
    assertThat(told.get("createdAt")).isEqualTo(answer.json().at("/userMessage/created_at"));
    assertThat(told.get("text").textValue()).isEqualTo("by HTTP");
    assertThat(told.get("clientMessageId").textValue()).isEqualTo("c");
    assertThat(broadcasts.get(1).get("text")).isEqualTo(answer.json().at("/agentResponse/text"));
  }

  @Test
  void a_message_over_the_durable_face_is_told_to_the_room() {
    client.joinChannel(channelId);
    assertThat(Fixtures.append(sessionId, "plain text").status()).isEqualTo(200);
    JsonNode told = client.await("messageBroadcast");
    assertThat(told.get("text").textValue()).isEqualTo("plain text");
    assertThat(told.get("senderId")).isEqualTo(session.get("userId"));
    assertThat(told.get("senderName").textValue()).isEqualTo("User");
  }

  @Test
  void a_message_that_is_sent_again_is_acknowledged_again_and_told_once() {
    client.joinChannel(channelId);
    for (int i = 0; i < 2; i++) {
      client.emit("2", message("hello").put("messageId", "again").toString());
    }
    client.emit("2", message("the next").toString());
    List<JsonNode> users = new ArrayList<>();
    List<JsonNode> acks = new ArrayList<>();
    while (users.size() < 2 || acks.size() < 3) {
      SocketClient.Event event = client.next();
      if (event.name().equals("messageAck")) {
        acks.add(event.payload().get("messageId"));
      } else if (event.payload().path("senderId").equals(session.get("userId"))) {
        users.add(event.payload().get("id"));
      }
    }
    assertThat(acks.get(0)).isEqualTo(acks.get(1)).isNotEqualTo(acks.get(2));
    assertThat(users).containsExactly(acks.get(0), acks.get(2));
  }

  @Test
  void attachments_and_metadata_go_along() {
    client.joinChannel(channelId);
    ObjectNode message = message("look");
    message.putArray("attachments").addObject().put("type", "image").put("url", "https://x/a.png");
    message.putObject("metadata").put("mood", "fine");
    client.emit("2", message.toString());
    JsonNode told = client.await("messageBroadcast");
    assertThat(told.at("/attachments/0/url").textValue()).isEqualTo("https://x/a.png");
    JsonNode stored = oldest();
    assertThat(stored.at("/metadata/mood").textValue()).isEqualTo("fine");
  }

  @Test
  void item_18_a_socket_sends_under_the_rules_of_http() {
    client.joinChannel(channelId);
    assertThat(client.refused("2", message("").toString()))
        .isEqualTo(post("{\"content\":\"\"}").json().at("/error/message").textValue());
    String tooLong = "x".repeat(4_001);
    assertThat(client.refused("2", message(tooLong).toString()))
        .isEqualTo(
            post("{\"content\":\"" + tooLong + "\"}").json().at("/error/message").textValue());
    ObjectNode badMetadata = message("x");
    badMetadata.putArray("metadata");
    assertThat(client.refused("2", badMetadata.toString()))
        .isEqualTo(
            post("{\"content\":\"x\",\"metadata\":[]}").json().at("/error/message").textValue());
    ObjectNode badAttachment = message("x");
    badAttachment.putArray("attachments").add(1);
    assertThat(client.refused("2", badAttachment.toString())).startsWith("Invalid content: ");
    ObjectNode noText = message("x");
    noText.put("message", 17);
    assertThat(client.refused("2", noText.toString()))
        .isEqualTo("channelId and message are required for sending.");
    assertThat(client.refused("2", "{\"message\":\"x\"}"))
        .isEqualTo("channelId and message are required for sending.");
    String unknown = UUID.randomUUID().toString();
    assertThat(client.refused("2", message("x").put("channelId", unknown).toString()))
        .isEqualTo("Channel with ID '%s' not found".formatted(unknown));
    assertThat(history()).isEmpty();
    assertThat(Messaging.get(sessionId).get("renewalCount").intValue()).isZero();
  }

  @Test
  void item_18_nothing_is_sent_into_a_session_that_is_deleted_or_closed() {
    client.joinChannel(channelId);
    assertThat(Wire.request("DELETE", Messaging.session(sessionId)).send().status()).isEqualTo(200);
    assertThat(client.refused("2", message("x").toString()))
        .isEqualTo("Session with ID '%s' not found".formatted(sessionId));
    client.hasNothing();
  }
}
