package dev.parley.http.ws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.Eventually;
import dev.parley.OwnServer;
import dev.parley.http.webchat.Chat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be asked on a WebSocket, and what is told there (across.md section 5). */
class SocketTest {
  @TempDir static Path data;
  private static OwnServer server;
  private static Chat chat;

  @BeforeAll
  static void start() throws Exception {
    server =
        OwnServer.start(
            data,
            Map.of(
                "parley.http.ws.max-subscriptions",
                3,
                "parley.http.ws.ping-interval",
                "300ms",
                "parley.test-clock",
                "on"));
    chat = new Chat(server.origin());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** A visitor's session and a socket for it. */
  private record Visit(String id, String visitorId, WsClient socket) {
    static Visit open() throws Exception {
      JsonNode opened = chat.demo();
      return new Visit(
          opened.get("sessionId").textValue(),
          opened.get("visitorId").textValue(),
          WsClient.open(server.origin(), opened.get("wsToken").textValue()));
    }

    JsonNode subscribe(String channel, String more) throws Exception {
      return socket.ask(
          "{\"type\":\"subscribe\",\"ref\":\"s-%s\",\"session\":\"%s\",\"channel\":\"%s\"%s}"
              .formatted(channel, id, channel, more));
    }

    JsonNode append(String data, String more) throws Exception {
      return socket.ask(
          "{\"type\":\"append\",\"ref\":\"%s\",\"session\":\"%s\",\"channel\":\"in\",\"data\":%s%s}"
              .formatted(UUID.randomUUID(), id, data, more));
    }

    /** Records of a channel until one holds the text. */
    List<JsonNode> recordsUntil(String text) throws Exception {
      List<JsonNode> records = new ArrayList<>();
      while (true) {
        for (JsonNode record : socket.next("records").get("records")) {
          records.add(record);
          if (record.toString().contains(text)) {
            return records;
          }
        }
      }
    }
  }

  @Test
  void a_message_is_appended_answered_and_read() throws Exception {
    Visit visit = Visit.open();
    JsonNode subscribed = visit.subscribe("out", "");
    assertThat(subscribed.get("type").textValue()).isEqualTo("subscribed");
    assertThat(subscribed.get("session").textValue()).isEqualTo(visit.id());
    assertThat(subscribed.get("channel").textValue()).isEqualTo("out");
    assertThat(subscribed.get("from").longValue()).isZero();
    assertThat(subscribed.get("tail").longValue()).isZero();
    JsonNode ack = visit.append("\"good morning\"", "");
    assertThat(ack.get("type").textValue()).isEqualTo("ack");
    assertThat(ack.get("seq").longValue()).isZero();
    List<JsonNode> records = visit.recordsUntil("turn-complete");
    assertThat(records).extracting(record -> record.get("seq").longValue()).startsWith(0L, 1L);
    JsonNode answer =
        records.stream()
            .filter(r -> r.path("data").path("type").asText().equals("message"))
            .findFirst()
            .orElseThrow();
    assertThat(answer.get("data").get("content").textValue()).isEqualTo("good morning");
    assertThat(answer.get("timestamp").longValue()).isPositive();
    assertThat(answer.get("id").textValue()).isNotBlank();
    assertThat(records.get(records.size() - 1).get("headers").toString()).contains("turn-complete");
  }

  @Test
  void what_is_no_message_becomes_one_in_the_history() throws Exception {
    Visit visit = Visit.open();
    visit.append("{\"any\":[1,2]}", "");
    visit.append("{\"type\":\"message\",\"content\":\"plain\",\"metadata\":{\"k\":1}}", "");
    JsonNode subscribed = visit.subscribe("in", ",\"from\":0");
    assertThat(subscribed.get("tail").longValue()).isEqualTo(2);
    List<JsonNode> records = visit.recordsUntil("plain");
    assertThat(records.get(0).get("data").get("content").textValue()).isEqualTo("{\"any\":[1,2]}");
    JsonNode second = records.get(1).get("data");
    assertThat(second.get("role").textValue()).isEqualTo("user");
    assertThat(second.get("authorId").textValue()).isEqualTo(visit.visitorId());
    assertThat(second.get("metadata").get("k").intValue()).isEqualTo(1);
  }

  @Test
  void a_repeated_part_gets_the_first_number_and_adds_nothing() throws Exception {
    Visit visit = Visit.open();
    String part = ",\"partId\":\"" + UUID.randomUUID() + "\"";
    assertThat(visit.append("\"one\"", part).get("seq").longValue()).isZero();
    assertThat(visit.append("\"two\"", "").get("seq").longValue()).isEqualTo(1);
    assertThat(visit.append("\"one\"", part).get("seq").longValue()).isZero();
    assertThat(visit.subscribe("in", "").get("tail").longValue()).isEqualTo(2);
  }

  @Test
  void who_comes_back_goes_on_where_it_was() throws Exception {
    Visit visit = Visit.open();
    for (int i = 0; i < 5; i++) {
      visit.append("\"number " + i + "\"", "");
    }
    JsonNode opened = visit.subscribe("in", ",\"from\":3");
    assertThat(opened.get("from").longValue()).isEqualTo(3);
    assertThat(visit.recordsUntil("number 4"))
        .extracting(record -> record.get("seq").longValue())
        .containsExactly(3L, 4L);
    visit.append("\"number 5\"", "");
    assertThat(visit.recordsUntil("number 5"))
        .extracting(record -> record.get("seq").longValue())
        .containsExactly(5L);
    assertThat(
            visit
                .socket()
                .ask(
                    "{\"type\":\"unsubscribe\",\"ref\":1,\"session\":\"%s\",\"channel\":\"in\"}"
                        .formatted(visit.id()))
                .get("type")
                .textValue())
        .isEqualTo("unsubscribed");
    // Beyond the end counts as the end.
    assertThat(visit.subscribe("in", ",\"from\":99").get("from").longValue()).isEqualTo(6);
  }

  @Test
  void side_channels_can_be_followed() throws Exception {
    Visit visit = Visit.open();
    String side = "/realtime/v1/sessions/" + visit.id() + "/channels/typing/out/append";
    JsonNode subscribed = visit.subscribe("out", ",\"name\":\"typing\"");
    assertThat(subscribed.get("name").textValue()).isEqualTo("typing");
    assertThat(chat.send("POST", side, OwnServer.KEY, "dots").status()).isEqualTo(200);
    JsonNode frame = visit.socket().next("records");
    assertThat(frame.get("name").textValue()).isEqualTo("typing");
    assertThat(frame.get("records").get(0).get("data").textValue()).isEqualTo("dots");
    JsonNode lifecycle = visit.subscribe("out", ",\"name\":\"lifecycle\",\"from\":0");
    assertThat(lifecycle.get("tail").longValue()).isPositive();
    assertThat(visit.socket().next("records").get("records").get(0).get("data").get("type"))
        .hasToString("\"created\"");
  }

  @Test
  void each_renewal_and_the_end_are_told() throws Exception {
    Visit visit = Visit.open();
    visit.subscribe("out", "");
    for (int count = 1; count <= 3; count++) {
      visit.append("\"again\"", "");
      JsonNode renewed = visit.socket().next("lifecycle");
      assertThat(renewed.get("session").textValue()).isEqualTo(visit.id());
      assertThat(renewed.get("event").get("type").textValue()).isEqualTo("renewed");
      assertThat(renewed.get("event").get("renewalCount").intValue()).isEqualTo(count);
      assertThat(renewed.get("event").get("cause").textValue()).isEqualTo("message");
      assertThat(renewed.get("event").get("expiresAt").textValue()).endsWith("Z");
      assertThat(renewed.get("event").get("at").textValue()).endsWith("Z");
    }
    chat.send("POST", "/api/messaging/sessions/" + visit.id() + "/heartbeat", null, null);
    assertThat(visit.socket().next("lifecycle").get("event").get("cause").textValue())
        .isEqualTo("heartbeat");
    chat.send(
        "POST", "/api/v1/sessions/" + visit.id() + "/close", OwnServer.KEY, "{\"reason\":\"bye\"}");
    JsonNode closed = visit.socket().next("lifecycle").get("event");
    assertThat(closed.get("type").textValue()).isEqualTo("closed");
    assertThat(closed.get("reason").textValue()).isEqualTo("bye");
    assertThat(visit.append("\"late\"", "").get("code").textValue()).isEqualTo("session_closed");
    assertThat(visit.socket().hasEnded()).isFalse();
  }

  @Test
  void the_warning_and_the_expiry_are_told() throws Exception {
    Visit visit = Visit.open();
    visit.subscribe("out", "");
    JsonNode session = chat.send("GET", "/api/messaging/sessions/" + visit.id(), null, null).json();
    Duration left = Duration.ofMillis(session.get("timeRemaining").longValue());
    assertThat(left).isGreaterThan(Duration.ofMinutes(2));
    advance(left.minusMinutes(1));
    JsonNode warning = visit.socket().next("lifecycle").get("event");
    assertThat(warning.get("type").textValue()).isEqualTo("warning");
    assertThat(warning.get("minutesRemaining").intValue()).isEqualTo(5);
    advance(Duration.ofMinutes(2));
    JsonNode expired = visit.socket().next("lifecycle").get("event");
    assertThat(expired.get("type").textValue()).isEqualTo("expired");
    assertThat(visit.append("\"late\"", "").get("code").textValue()).isEqualTo("session_expired");
  }

  private static void advance(Duration by) throws Exception {
    Chat.Reply done =
        chat.send("POST", "/test/clock/advance", OwnServer.KEY, "{\"ms\":" + by.toMillis() + "}");
    assertThat(done.status()).as(done.body()).isEqualTo(200);
  }

  @Test
  void a_user_reaches_the_own_sessions_alone() throws Exception {
    String user = UUID.randomUUID().toString();
    String own = messagingSession(user);
    String others = messagingSession(UUID.randomUUID().toString());
    WsClient socket = WsClient.open(server.origin(), SocketTokens.user(user));
    String subscribe =
        "{\"type\":\"subscribe\",\"ref\":\"%s\",\"session\":\"%s\",\"channel\":\"out\"}";
    assertThat(socket.ask(subscribe.formatted(1, own)).get("type").textValue())
        .isEqualTo("subscribed");
    for (String key : List.of(others, UUID.randomUUID().toString(), "session_" + "0".repeat(32))) {
      assertThat(socket.ask(subscribe.formatted(key, key)).get("code").textValue())
          .isEqualTo("forbidden");
      assertThat(
              socket
                  .ask(
                      "{\"type\":\"append\",\"ref\":\"a%s\",\"session\":\"%s\",\"channel\":\"in\",\"data\":1}"
                          .formatted(key, key))
                  .get("code")
                  .textValue())
          .isEqualTo("forbidden");
    }
    assertThat(
            socket
                .ask(
                    "{\"type\":\"append\",\"ref\":2,\"session\":\"%s\",\"channel\":\"in\",\"data\":\"hi\"}"
                        .formatted(own))
                .get("type")
                .textValue())
        .isEqualTo("ack");
  }

  private static String messagingSession(String user) throws Exception {
    Chat.Reply created =
        chat.send(
            "POST",
            "/api/messaging/sessions",
            null,
            "{\"agentId\":\"%s\",\"userId\":\"%s\"}".formatted(Chat.ECHO, user));
    assertThat(created.status()).isEqualTo(201);
    return created.json().get("sessionId").textValue();
  }

  @Test
  void a_visitor_reaches_the_own_session_alone() throws Exception {
    Visit visit = Visit.open();
    Visit other = Visit.open();
    JsonNode refused =
        visit
            .socket()
            .ask(
                "{\"type\":\"subscribe\",\"ref\":{\"n\":1},\"session\":\"%s\",\"channel\":\"out\"}"
                    .formatted(other.id()));
    assertThat(refused.get("type").textValue()).isEqualTo("error");
    assertThat(refused.get("code").textValue()).isEqualTo("forbidden");
    assertThat(refused.get("ref").get("n").intValue()).isEqualTo(1);
    assertThat(visit.subscribe("out", "").get("type").textValue()).isEqualTo("subscribed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"ref\":7}|unknown_type",
        "{\"ref\":7,\"type\":\"publish\"}|unknown_type",
        "{\"ref\":7,\"type\":\"subscribe\",\"channel\":\"out\"}|bad_request",
        "{\"ref\":7,\"type\":\"subscribe\",\"session\":\"S\",\"channel\":\"up\"}|bad_request",
        "{\"ref\":7,\"type\":\"subscribe\",\"session\":\"S\",\"channel\":\"out\",\"from\":-1}|bad_request",
        "{\"ref\":7,\"type\":\"subscribe\",\"session\":\"S\",\"channel\":\"out\",\"from\":\"x\"}|bad_request",
        "{\"ref\":7,\"type\":\"subscribe\",\"session\":\"S\",\"channel\":\"out\",\"name\":\"a b\"}|bad_request",
        "{\"ref\":7,\"type\":\"append\",\"session\":\"S\",\"channel\":\"out\",\"data\":1}|forbidden",
        "{\"ref\":7,\"type\":\"append\",\"session\":\"S\",\"channel\":\"in\",\"name\":\"side\",\"data\":1}|forbidden",
        "{\"ref\":7,\"type\":\"append\",\"session\":\"S\",\"channel\":\"in\"}|bad_request",
        "{\"ref\":7,\"type\":\"append\",\"session\":\"S\",\"channel\":\"in\",\"data\":1,\"partId\":5}|bad_request",
        "{\"ref\":7,\"type\":\"append\",\"session\":\"S\",\"channel\":\"in\",\"data\":\"\\ud800\"}|invalid",
        "{\"ref\":7,\"type\":\"unsubscribe\",\"session\":\"S\",\"channel\":\"out\"}|not_subscribed",
        "{\"ref\":7,\"type\":\"auth\"}|bad_request",
        "{\"ref\":7,\"type\":\"auth\",\"token\":\"no\"}|unauthorized"
      })
  void a_wrong_request_is_refused_and_the_socket_stays(String request, String code)
      throws Exception {
    Visit visit = Visit.open();
    JsonNode error = visit.socket().ask(request.replace("\"S\"", "\"" + visit.id() + "\""));
    assertThat(error.get("type").textValue()).isEqualTo("error");
    assertThat(error.get("code").textValue()).as(error.toString()).isEqualTo(code);
    assertThat(error.get("message").textValue()).isNotBlank();
    assertThat(visit.subscribe("out", "").get("type").textValue()).isEqualTo("subscribed");
  }

  @Test
  void a_stream_is_followed_once_and_only_so_many_are() throws Exception {
    Visit visit = Visit.open();
    visit.subscribe("in", "");
    assertThat(visit.subscribe("in", "").get("code").textValue()).isEqualTo("already_subscribed");
    visit.subscribe("out", "");
    visit.subscribe("out", ",\"name\":\"a\"");
    assertThat(visit.subscribe("out", ",\"name\":\"b\"").get("code").textValue())
        .isEqualTo("too_many_subscriptions");
  }

  @Test
  void pings_come_all_the_time() throws Exception {
    Visit visit = Visit.open();
    assertThat(Eventually.within(Duration.ofSeconds(10), () -> visit.socket().pings() > 4))
        .isTrue();
    assertThat(visit.socket().hasEnded()).isFalse();
  }

  @Test
  void a_session_that_is_purged_is_told_and_made_again_not_reached() throws Exception {
    Visit visit = Visit.open();
    visit.subscribe("out", "");
    assertThat(
            chat.send(
                    "DELETE", "/api/v1/sessions/" + visit.id() + "?purge=true", OwnServer.KEY, null)
                .status())
        .isEqualTo(200);
    assertThat(visit.socket().next("error").get("code").textValue()).isEqualTo("session_purged");
    assertThat(
            chat.send(
                    "POST",
                    "/api/v1/sessions",
                    OwnServer.KEY,
                    "{\"type\":\"chat\",\"taskIdentifier\":\"x\",\"externalId\":\"%s\",\"triggerConfig\":{\"basePayload\":{}}}"
                        .formatted(visit.id()))
                .status())
        .isEqualTo(201);
    assertThat(visit.subscribe("in", "").get("code").textValue()).isEqualTo("forbidden");
    assertThat(visit.append("1", "").get("code").textValue()).isEqualTo("forbidden");
  }
}
