package dev.parley.http.messaging.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.TestServer;
import dev.parley.http.AnotherOwner;
import dev.parley.http.Answer;
import dev.parley.http.Fixtures;
import dev.parley.http.Wire;
import dev.parley.http.messaging.Messaging;
import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.Envelope;
import dev.parley.session.RecordContent;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** eliza.md sections 9.2 to 9.4: who is in the room of a session hears what happens there. */
class RoomsTest {
  private SocketClient client;

  @BeforeEach
  void connect() {
    client = SocketClient.connect(TestServer.origin(), "{}");
  }

  @AfterEach
  void disconnect() {
    client.close();
  }

  private static String sessionId(JsonNode session) {
    return session.get("sessionId").textValue();
  }

  private static String channelId(JsonNode session) {
    return session.get("channelId").textValue();
  }

  private static void say(JsonNode session, Channel channel, String data) throws Exception {
    RecordContent content = RecordContent.of(Envelope.ofJson(data, UUID.randomUUID().toString()));
    append(session, channel, content);
  }

  private static void append(JsonNode session, Channel channel, RecordContent content)
      throws Exception {
    SessionReply reply =
        TestServer.sessions()
            .ask(
                SessionId.ofExternal(TestServer.ACME, sessionId(session)),
                SessionCommand.Append.single(channel, content, null))
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS);
    assertThat(reply).isInstanceOf(SessionReply.Appended.class);
  }

  private static String answer(String id, String text) {
    return ("{\"type\":\"message\",\"id\":\"%s\",\"role\":\"agent\",\"content\":\"%s\","
            + "\"createdAt\":\"2026-11-21T10:00:00.007Z\",\"thought\":\"hm\",\"actions\":[\"REPLY\"]}")
        .formatted(id, text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"channelId", "roomId"})
  void a_channel_is_joined_by_its_id_under_either_name(String field) {
    JsonNode session = Messaging.create("");
    JsonNode joined =
        client.join(
            "1",
            "{\"%s\":\"%s\",\"agentId\":\"%s\"}"
                .formatted(field, channelId(session), Messaging.AGENT));
    assertThat(joined.get("channelId")).isEqualTo(session.get("channelId"));
    assertThat(joined.get("roomId")).isEqualTo(session.get("channelId"));
    assertThat(joined.get("agentId").textValue()).isEqualTo(Messaging.AGENT);
    assertThat(joined.get("message").textValue()).contains(channelId(session));
  }

  @Test
  void a_join_may_come_as_a_message_with_a_type() {
    JsonNode session = Messaging.create("");
    JsonNode joined =
        client.join(
            "message",
            "{\"type\":1,\"payload\":{\"channelId\":\"%s\"}}"
                .formatted(channelId(session).toUpperCase(Locale.ROOT)));
    assertThat(joined.get("channelId")).isEqualTo(session.get("channelId"));
    assertThat(joined.has("agentId")).isFalse();
  }

  @Test
  void item_04_join_and_leave_by_session_id() {
    JsonNode session = Messaging.create("");
    assertThat(client.joinSession(sessionId(session)).get("channelId"))
        .isEqualTo(session.get("channelId"));
    Messaging.heartbeat(sessionId(session));
    JsonNode renewed = client.next("sessionRenewed");
    assertThat(renewed.get("sessionId")).isEqualTo(session.get("sessionId"));
    assertThat(renewed.get("renewalCount").intValue()).isEqualTo(1);
    assertThat(renewed.get("expiresAt"))
        .isEqualTo(Messaging.get(sessionId(session)).get("expiresAt"));

    try (SocketClient other = SocketClient.connect(TestServer.origin(), "{}")) {
      other.joinSession(sessionId(session));
      client.emit("leave", "{\"roomId\":\"%s\"}".formatted(sessionId(session)));
      client.hasNothing();
      Messaging.heartbeat(sessionId(session));
      assertThat(other.next("sessionRenewed").get("renewalCount").intValue()).isEqualTo(2);
      client.hasNothing();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, '{}', channelId is required for joining.",
    "1, 'null', channelId is required for joining.",
    "1, '[]', channelId is required for joining.",
    "1, '{\"channelId\":\"general\"}', Channel with ID 'general' not found",
    "1, '{\"channelId\":\"00000000-0000-4000-8000-000000000000\"}', "
        + "Channel with ID '00000000-0000-4000-8000-000000000000' not found",
    "join, '{}', roomId is required for joining.",
    "join, '{\"roomId\":\"nobody\"}', Session with ID 'nobody' not found",
    "join, '{\"roomId\":\" \"}', Session with ID ' ' not found",
  })
  void a_bad_join_is_refused_with_its_reason(String event, String payload, String reason) {
    assertThat(client.refused(event, payload)).isEqualTo(reason);
  }

  @Test
  void a_session_that_is_over_or_of_another_face_is_not_joined() {
    JsonNode deleted = Messaging.create("");
    assertThat(Wire.request("DELETE", Messaging.session(sessionId(deleted))).send().status())
        .isEqualTo(200);
    assertThat(client.refused("join", "{\"roomId\":\"%s\"}".formatted(sessionId(deleted))))
        .isEqualTo("Session with ID '%s' not found".formatted(sessionId(deleted)));
    assertThat(client.refused("1", "{\"channelId\":\"%s\"}".formatted(channelId(deleted))))
        .contains("not found");

    JsonNode closed = Messaging.create("");
    assertThat(Fixtures.close(sessionId(closed), "{}").status()).isEqualTo(200);
    assertThat(client.refused("join", "{\"roomId\":\"%s\"}".formatted(sessionId(closed))))
        .startsWith("Session '%s' was closed at ".formatted(sessionId(closed)));

    String durable = Fixtures.created("durable");
    assertThat(client.refused("join", "{\"roomId\":\"%s\"}".formatted(durable)))
        .contains("not found");
  }

  @Test
  void an_answer_streams_in_chunks_and_ends_with_the_message_of_the_same_id() throws Exception {
    JsonNode session = Messaging.create("");
    say(session, Channel.OUT, answer(UUID.randomUUID().toString(), "before anybody came"));
    client.joinChannel(channelId(session));
    String id = UUID.randomUUID().toString();
    for (int i = 0; i < 2; i++) {
      say(
          session,
          Channel.OUT,
          "{\"type\":\"text-delta\",\"messageId\":\"%s\",\"index\":%d,\"delta\":\"d%d\"}"
              .formatted(id, i, i));
    }
    say(session, Channel.OUT, answer(id, "d0d1"));

    for (int i = 0; i < 2; i++) {
      assertThat(client.next("messageStreamChunk"))
          .isEqualTo(
              Answer.parse(
                  "{\"messageId\":\"%s\",\"chunk\":\"d%d\",\"index\":%d,\"agentId\":\"%s\",\"channelId\":\"%s\"}"
                      .formatted(id, i, i, Messaging.AGENT, channelId(session))));
    }
    ObjectNode message = (ObjectNode) client.next("messageBroadcast");
    // The server's own time, as in the history.
    long createdAt = message.remove("createdAt").longValue();
    assertThat(Instant.ofEpochMilli(createdAt))
        .isAfterOrEqualTo(Instant.parse(session.get("createdAt").textValue()));
    assertThat(message)
        .isEqualTo(
            Answer.parse(
                ("{\"id\":\"%s\",\"senderId\":\"%s\",\"senderName\":\"Echo\",\"text\":\"d0d1\","
                        + "\"channelId\":\"%s\",\"roomId\":\"%s\","
                        + "\"messageServerId\":\"00000000-0000-0000-0000-000000000000\","
                        + "\"serverId\":\"00000000-0000-0000-0000-000000000000\","
                        + "\"source\":\"agent_response\","
                        + "\"thought\":\"hm\",\"actions\":[\"REPLY\"]}")
                    .formatted(id, Messaging.AGENT, channelId(session), channelId(session))));
  }

  @Test
  void an_answer_that_breaks_off_says_so() throws Exception {
    JsonNode session = Messaging.create("");
    client.joinSession(sessionId(session));
    String id = UUID.randomUUID().toString();
    // As text that holds the object, as the append route stores it.
    assertThat(
            Wire.post(Fixtures.channel(sessionId(session), "out/append"))
                .asAcme()
                .body(
                    "{\"type\":\"error\",\"messageId\":\"%s\",\"error\":\"no model\",\"partialText\":\"Hel\"}"
                        .formatted(id))
                .send()
                .status())
        .isEqualTo(200);
    assertThat(client.next("messageStreamError"))
        .isEqualTo(
            Answer.parse(
                "{\"messageId\":\"%s\",\"channelId\":\"%s\",\"agentId\":\"%s\",\"error\":\"no model\",\"partialText\":\"Hel\"}"
                    .formatted(id, channelId(session), Messaging.AGENT)));
  }

  @Test
  void records_of_another_kind_bring_no_event() throws Exception {
    JsonNode session = Messaging.create("");
    client.joinSession(sessionId(session));
    for (String data :
        new String[] {
          "17",
          "null",
          "[]",
          "{}",
          "\"text\"",
          "{\"type\":1}",
          "{\"type\":\"message\"}",
          "{\"type\":\"text-delta\",\"id\":\"0\",\"delta\":\"of another format\"}",
          "{\"type\":\"text-delta\",\"messageId\":\"0\",\"delta\":\"x\",\"index\":\"0\"}",
          "{\"type\":\"error\",\"errorText\":\"of another format\"}"
        }) {
      say(session, Channel.OUT, data);
    }
    append(session, Channel.OUT, RecordContent.of(Bytes.utf8("no envelope")));
    append(session, Channel.OUT, RecordContent.of(Bytes.EMPTY));
    say(session, Channel.OUT, answer("the last", "x"));
    assertThat(client.next("messageBroadcast").get("id").textValue()).isEqualTo("the last");
  }

  @Test
  void two_tabs_hear_the_same() throws Exception {
    JsonNode session = Messaging.create("");
    try (SocketClient other = SocketClient.connect(TestServer.origin(), "{}")) {
      client.joinChannel(channelId(session));
      other.joinSession(sessionId(session));
      for (int i = 0; i < 5; i++) {
        say(session, Channel.OUT, answer("m" + i, "x"));
        Messaging.heartbeat(sessionId(session));
      }
      for (int i = 0; i < 5; i++) {
        assertThat(other.await("messageBroadcast")).isEqualTo(client.await("messageBroadcast"));
      }
    }
    // The feed does not end with the tab that closed.
    say(session, Channel.OUT, answer("m5", "x"));
    assertThat(client.await("messageBroadcast").get("id").textValue()).isEqualTo("m5");
  }

  @Test
  void a_room_that_was_left_by_all_can_be_joined_again() throws Exception {
    JsonNode session = Messaging.create("");
    for (int i = 0; i < 3; i++) {
      client.joinSession(sessionId(session));
      say(session, Channel.OUT, answer("m" + i, "x"));
      assertThat(client.next("messageBroadcast").get("id").textValue()).isEqualTo("m" + i);
      client.hasNothing();
      client.emit("leave", "{\"roomId\":\"%s\"}".formatted(channelId(session)));
      client.hasNothing();
      say(session, Channel.OUT, answer("nobody hears this", "x"));
    }
  }

  @Test
  void every_renewal_has_its_event_although_they_share_a_record() {
    JsonNode session = Messaging.create("");
    client.joinSession(sessionId(session));
    for (int i = 1; i <= 20; i++) {
      Answer renewed =
          i % 2 == 0
              ? Messaging.renew(sessionId(session))
              : Messaging.heartbeat(sessionId(session));
      JsonNode event = client.next("sessionRenewed");
      assertThat(event.get("renewalCount").intValue()).isEqualTo(i);
      assertThat(event.get("expiresAt")).isEqualTo(renewed.json().get("expiresAt"));
    }
  }

  @Test
  void the_feed_goes_on_where_it_was_when_its_session_had_to_begin_anew() throws Exception {
    JsonNode session = Messaging.create("");
    SessionId id = SessionId.ofExternal(TestServer.ACME, sessionId(session));
    client.joinSession(sessionId(session));
    say(session, Channel.OUT, answer("first", "x"));
    assertThat(client.next("messageBroadcast").get("id").textValue()).isEqualTo("first");

    AnotherOwner.write(id, Channel.OUT, 1, Envelope.ofJson(answer("theirs", "x"), "theirs"));
    assertThat(Messaging.heartbeat(sessionId(session)).status()).isEqualTo(503);
    assertThat(Messaging.heartbeat(sessionId(session)).status()).isEqualTo(200);
    assertThat(client.next("sessionRenewed").get("renewalCount").intValue()).isEqualTo(1);
    say(session, Channel.OUT, answer("mine", "x"));
    assertThat(client.next("messageBroadcast").get("id").textValue()).isEqualTo("theirs");
    assertThat(client.next("messageBroadcast").get("id").textValue()).isEqualTo("mine");
    Messaging.heartbeat(sessionId(session));
    assertThat(client.next("sessionRenewed").get("renewalCount").intValue()).isEqualTo(2);
  }
}
