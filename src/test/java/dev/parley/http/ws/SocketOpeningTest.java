package dev.parley.http.ws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.OwnServer;
import dev.parley.http.Tokens;
import dev.parley.http.webchat.Chat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets a WebSocket, and for how long (web-runtime.md section 4, across.md section 5). */
class SocketOpeningTest {
  @TempDir static Path data;
  private static OwnServer server;
  private static Chat chat;

  @BeforeAll
  static void start() throws Exception {
    server = OwnServer.start(data, Map.of("parley.test-clock", "on"));
    chat = new Chat(server.origin());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static int refusal(String token) throws Exception {
    return WsClient.refusal(server.origin(), "?token=" + token);
  }

  @Test
  void a_token_stands_in_the_query_or_among_the_protocols() throws Exception {
    String token = chat.demo().get("wsToken").textValue();
    WsClient byQuery = WsClient.open(server.origin(), token);
    assertThat(byQuery.socket().getSubprotocol()).isEmpty();
    WsClient byProtocol = WsClient.openWith(server.origin(), "parley", token);
    assertThat(byProtocol.socket().getSubprotocol()).isEqualTo("parley");
    assertThat(byProtocol.ask("{\"ref\":1}").get("code").textValue()).isEqualTo("unknown_type");
  }

  @Test
  void without_a_good_token_there_is_no_socket() throws Exception {
    JsonNode opened = chat.demo();
    String id = opened.get("sessionId").textValue();
    String scoped =
        Tokens.of("env_default").scopes("read:sessions:" + id).signedWith(OwnServer.KEY);
    assertThat(WsClient.refusal(server.origin(), "")).isEqualTo(401);
    for (String wrong :
        List.of(
            "no-token",
            OwnServer.KEY,
            scoped,
            opened.get("sessionToken").textValue(),
            SocketTokens.session(id),
            SocketTokens.foreignUser(UUID.randomUUID().toString()),
            chat.apiKey("demo"),
            opened.get("wsToken").textValue() + "x")) {
      assertThat(refusal(wrong)).as(wrong).isEqualTo(401);
    }
    // Nor does a cookie or a bearer open one.
    assertThat(WsClient.refusal(server.origin(), "", "Cookie", "sessionId=anything"))
        .isEqualTo(401);
    assertThat(WsClient.refusal(server.origin(), "", "Authorization", "Bearer " + OwnServer.KEY))
        .isEqualTo(401);
  }

  @Test
  void who_asks_without_a_websocket_is_told_to_open_one() throws Exception {
    Chat.Reply reply = chat.send("GET", "/ws", null, null);
    assertThat(reply.status()).isEqualTo(426);
    assertThat(reply.header("upgrade")).isEqualTo("websocket");
    assertThat(chat.send("POST", "/ws", null, "{}").status()).isEqualTo(405);
  }

  @Test
  void the_origins_of_the_organization_count_for_sockets() throws Exception {
    String organization = Chat.organization();
    String event = "event-" + UUID.randomUUID();
    chat.put(event, Chat.ECHO, organization, true);
    String token = chat.open(chat.apiKey(organization), event).json().get("wsToken").textValue();
    chat.admin(
        "PUT",
        "organizations/" + organization + "/webchat",
        "{\"allowedOrigins\":[\"https://shop.example\"]}");
    String query = "?token=" + token;
    assertThat(WsClient.refusal(server.origin(), query, "Origin", "https://evil.example"))
        .isEqualTo(403);
    assertThat(WsClient.refusal(server.origin(), query, "Origin", "https://shop.example"))
        .isEqualTo(101);
    assertThat(WsClient.refusal(server.origin(), query)).isEqualTo(101);
  }

  @Test
  void a_token_that_was_good_gets_a_socket_that_is_closed_at_once() throws Exception {
    WsClient socket =
        WsClient.open(server.origin(), SocketTokens.user("u", Duration.ofSeconds(-5)));
    assertThat(socket.awaitEnd().code()).isEqualTo(4401);
  }

  @Test
  void a_token_of_another_generation_reaches_nothing() throws Exception {
    String id = chat.demo().get("sessionId").textValue();
    WsClient socket = WsClient.open(server.origin(), SocketTokens.visitorOfGeneration(id, 1));
    assertThat(
            socket
                .ask(
                    "{\"type\":\"subscribe\",\"ref\":1,\"session\":\"%s\",\"channel\":\"out\"}"
                        .formatted(id))
                .get("code")
                .textValue())
        .isEqualTo("forbidden");
  }

  @Test
  void a_socket_ends_with_its_token_unless_a_fresh_one_came_before() throws Exception {
    String user = UUID.randomUUID().toString();
    WsClient left = WsClient.open(server.origin(), SocketTokens.user(user, Duration.ofDays(40)));
    WsClient renewed = WsClient.open(server.origin(), SocketTokens.user(user, Duration.ofDays(40)));
    JsonNode authenticated =
        renewed.ask(
            "{\"type\":\"auth\",\"ref\":\"a\",\"token\":\"%s\"}"
                .formatted(SocketTokens.user(user, Duration.ofDays(400))));
    assertThat(authenticated.get("type").textValue()).isEqualTo("authenticated");
    assertThat(authenticated.get("expiresAt").textValue()).endsWith(".000Z");
    chat.advance(Duration.ofDays(39));
    assertThat(left.ask("{\"ref\":1}").get("code").textValue()).isEqualTo("unknown_type");
    chat.advance(Duration.ofDays(2));
    WsClient.End end = left.awaitEnd();
    assertThat(end.code()).isEqualTo(4401);
    assertThat(end.reason()).contains("expired");
    assertThat(renewed.ask("{\"ref\":1}").get("code").textValue()).isEqualTo("unknown_type");
  }

  @Test
  void a_token_of_another_kind_or_person_does_not_renew() throws Exception {
    JsonNode opened = chat.demo();
    String id = opened.get("sessionId").textValue();
    WsClient socket = WsClient.open(server.origin(), opened.get("wsToken").textValue());
    for (String wrong :
        List.of(
            opened.get("sessionToken").textValue(),
            SocketTokens.user(opened.get("visitorId").textValue()),
            SocketTokens.visitorOfGeneration(id, 1),
            chat.demo().get("wsToken").textValue())) {
      assertThat(
              socket
                  .ask(
                      "{\"type\":\"auth\",\"ref\":\"%s\",\"token\":\"%s\"}".formatted(wrong, wrong))
                  .get("code")
                  .textValue())
          .isEqualTo("unauthorized");
    }
    String fresh = SocketTokens.visitor(id, Duration.ofDays(500));
    assertThat(
            socket
                .ask("{\"type\":\"auth\",\"ref\":1,\"token\":\"%s\"}".formatted(fresh))
                .get("type")
                .textValue())
        .isEqualTo("authenticated");
  }
}
