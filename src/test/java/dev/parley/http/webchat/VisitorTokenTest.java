package dev.parley.http.webchat;

import static org.assertj.core.api.Assertions.assertThat;

import com.auth0.jwt.JWT;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.OwnServer;
import dev.parley.http.Tokens;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a visitor can do over HTTP with the token of a session, where messaging has a key, and from
 * which pages.
 */
class VisitorTokenTest {
  private static final String RENEW = "/api/webchat/session/token";

  @TempDir static Path data;
  private static OwnServer server;
  private static Chat chat;

  @BeforeAll
  static void start() throws Exception {
    server =
        OwnServer.start(
            data, Map.of("parley.messaging.api-key", "locked", "parley.test-clock", "on"));
    chat = new Chat(server.origin());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** A session and how its visitor uses it. */
  private record Visit(String id, String token, String wsToken) {
    static Visit open() throws Exception {
      JsonNode opened = chat.demo();
      return new Visit(
          opened.get("sessionId").textValue(),
          opened.get("sessionToken").textValue(),
          opened.get("wsToken").textValue());
    }

    int status(String method, String path, String body) throws Exception {
      return chat.send(method, path, token, body).status();
    }

    String messaging(String rest) {
      return "/api/messaging/sessions/" + id + rest;
    }

    String stream(String rest) {
      return "/realtime/v1/sessions/" + id + "/" + rest;
    }
  }

  @Test
  void a_visitor_talks_reads_and_renews_over_messaging_without_its_key() throws Exception {
    Visit visit = Visit.open();
    assertThat(visit.status("GET", visit.messaging(""), null)).isEqualTo(200);
    assertThat(visit.status("POST", visit.messaging("/heartbeat"), null)).isEqualTo(200);
    assertThat(visit.status("POST", visit.messaging("/renew"), null)).isEqualTo(200);
    assertThat(visit.status("POST", visit.messaging("/stop"), null)).isEqualTo(200);
    Chat.Reply sent =
        chat.send(
            "POST",
            visit.messaging("/messages"),
            visit.token(),
            "{\"content\":\"hello there\",\"transport\":\"http\"}");
    assertThat(sent.status()).as(sent.body()).isEqualTo(201);
    JsonNode history = chat.send("GET", visit.messaging("/messages"), visit.token(), null).json();
    assertThat(history.get("messages").size()).isEqualTo(2);
  }

  @Test
  void a_visitor_reads_and_appends_over_the_durable_face() throws Exception {
    Visit visit = Visit.open();
    assertThat(visit.status("POST", visit.stream("in/append"), "hello")).isEqualTo(200);
    for (String stream : List.of("in", "out", "channels/lifecycle/out")) {
      assertThat(visit.status("GET", visit.stream(stream + "/records"), null)).isEqualTo(200);
      // As an EventSource of a browser does it.
      assertThat(
              chat.send(
                      "GET",
                      visit.stream(stream) + "?token=" + visit.token(),
                      null,
                      null,
                      "Timeout-Seconds",
                      "1")
                  .status())
          .isEqualTo(200);
    }
    assertThat(visit.status("POST", "/api/v1/sessions/" + visit.id() + "/stop", null))
        .isEqualTo(200);
  }

  @Test
  void a_visitor_reaches_nothing_else() throws Exception {
    Visit visit = Visit.open();
    Visit other = Visit.open();
    for (String rest : List.of("", "/messages")) {
      assertThat(visit.status("GET", other.messaging(rest), null)).isEqualTo(401);
    }
    assertThat(visit.status("POST", other.messaging("/heartbeat"), null)).isEqualTo(401);
    assertThat(visit.status("DELETE", visit.messaging(""), null)).isEqualTo(401);
    assertThat(visit.status("PATCH", visit.messaging("/timeout"), "{}")).isEqualTo(401);
    assertThat(visit.status("GET", "/api/messaging/sessions", null)).isEqualTo(401);
    assertThat(visit.status("GET", other.stream("out/records"), null)).isEqualTo(403);
    assertThat(visit.status("POST", other.stream("in/append"), "x")).isEqualTo(403);
    assertThat(visit.status("POST", visit.stream("out/append"), "x")).isEqualTo(403);
    assertThat(visit.status("PUT", visit.stream("in"), null)).isEqualTo(401);
    String session = "/api/v1/sessions/" + visit.id();
    assertThat(visit.status("GET", session, null)).isEqualTo(401);
    assertThat(visit.status("PATCH", session, "{}")).isEqualTo(401);
    assertThat(visit.status("POST", session + "/close", "{}")).isEqualTo(401);
    assertThat(visit.status("DELETE", session + "?purge=true", null)).isEqualTo(401);
    assertThat(visit.status("GET", "/api/v1/sessions", null)).isEqualTo(401);
    assertThat(
            visit.status(
                "POST",
                "/api/v1/sessions",
                "{\"type\":\"messaging\",\"taskIdentifier\":\"x\",\"externalId\":\"%s\",\"triggerConfig\":{}}"
                    .formatted(visit.id())))
        .isEqualTo(401);
    assertThat(visit.status("GET", "/api/admin/events/demo", null)).isEqualTo(401);
  }

  @Test
  void tokens_of_other_kinds_are_none_of_a_session() throws Exception {
    Visit visit = Visit.open();
    String scoped =
        Tokens.of("env_default")
            .scopes("read:sessions:" + visit.id(), "write:sessions:" + visit.id())
            .signedWith(OwnServer.KEY);
    for (String token : List.of(visit.wsToken(), scoped, visit.token() + "x")) {
      assertThat(chat.send("GET", visit.messaging("/messages"), token, null).status())
          .isEqualTo(401);
      assertThat(chat.send("POST", "/api/ws/token", token, null).status()).isEqualTo(401);
    }
    assertThat(chat.send("GET", visit.stream("out/records"), visit.wsToken(), null).status())
        .isEqualTo(401);
  }

  @Test
  void a_visitor_who_comes_back_gets_a_token_for_a_socket() throws Exception {
    Visit visit = Visit.open();
    Chat.Reply minted = chat.send("POST", "/api/ws/token", visit.token(), null);
    assertThat(minted.status()).as(minted.body()).isEqualTo(201);
    assertThat(minted.json().get("token").textValue()).isNotEqualTo(visit.token());
    assertThat(chat.send("POST", "/api/ws/token", null, null).status()).isEqualTo(401);
  }

  @Test
  void a_visitor_renews_the_token_of_the_same_session() throws Exception {
    Visit visit = Visit.open();
    chat.advance(Duration.ofSeconds(2));
    Chat.Reply renewed = chat.send("POST", RENEW, visit.token(), null);
    assertThat(renewed.status()).as(renewed.body()).isEqualTo(201);
    Visit later =
        new Visit(
            visit.id(),
            renewed.json().get("sessionToken").textValue(),
            renewed.json().get("wsToken").textValue());
    assertThat(later.status("GET", later.stream("in/records"), null)).isEqualTo(200);
    Instant end = JWT.decode(later.token()).getExpiresAtAsInstant();
    assertThat(end)
        .isAfter(JWT.decode(visit.token()).getExpiresAtAsInstant())
        .isEqualTo(Instant.parse(renewed.json().get("expiresAt").textValue()));
    assertThat(JWT.decode(later.wsToken()).getAudience()).containsExactly("parley:ws:webchat");
    // The old one is good until its own end.
    assertThat(visit.status("GET", visit.stream("in/records"), null)).isEqualTo(200);
  }

  @Test
  void a_token_is_renewed_for_nobody_else_and_not_after_the_end() throws Exception {
    Visit visit = Visit.open();
    assertThat(chat.send("POST", RENEW, null, null).status()).isEqualTo(401);
    for (String token : List.of(visit.wsToken(), visit.token() + "x", OwnServer.KEY)) {
      assertThat(chat.send("POST", RENEW, token, null).status()).isEqualTo(401);
    }
    chat.admin(
        "PUT", "organizations/demo/webchat", "{\"allowedOrigins\":[\"https://shop.example.com\"]}");
    assertThat(
            chat.send("POST", RENEW, visit.token(), null, "Origin", "https://evil.example")
                .status())
        .isEqualTo(403);
    assertThat(
            chat.send("POST", RENEW, visit.token(), null, "Origin", "https://shop.example.com")
                .status())
        .isEqualTo(201);
    chat.admin("PUT", "organizations/demo/webchat", "{\"allowedOrigins\":[]}");
    String session = "/api/v1/sessions/" + visit.id();
    assertThat(chat.send("POST", session + "/close", OwnServer.KEY, "{}").status()).isEqualTo(200);
    assertThat(chat.send("POST", RENEW, visit.token(), null).status()).isEqualTo(410);
    assertThat(chat.send("DELETE", session + "?purge=true", OwnServer.KEY, null).status())
        .isEqualTo(200);
    assertThat(chat.send("POST", RENEW, visit.token(), null).status()).isEqualTo(401);
  }

  @Test
  void pages_of_other_origins_are_403() throws Exception {
    String organization = Chat.organization();
    String event = "event-" + UUID.randomUUID();
    chat.put(event, Chat.ECHO, organization, true);
    String key = chat.apiKey(organization);
    assertThat(chat.open(key, event, "Origin", "https://any.example").status()).isEqualTo(201);
    chat.admin(
        "PUT",
        "organizations/" + organization + "/webchat",
        "{\"allowedOrigins\":[\"https://shop.example\",\"https://*.pages.example\"]}");
    for (String page : List.of("https://shop.example", "https://a.b.pages.example")) {
      Chat.Reply allowed = chat.open(key, event, "Origin", page);
      assertThat(allowed.status()).as(page).isEqualTo(201);
      assertThat(allowed.header("access-control-allow-origin")).isEqualTo("*");
    }
    for (String other :
        List.of(
            "https://shop.example.evil.test",
            "http://shop.example",
            "https://shop.example:8443",
            "https://pages.example",
            "https://evilpages.example",
            "https://*.pages.example",
            "http://a.pages.example",
            "null")) {
      Chat.Reply refused = chat.open(key, event, "Origin", other);
      assertThat(refused.status()).as(other).isEqualTo(403);
      assertThat(refused.header("access-control-allow-origin")).isEqualTo("*");
    }
    // No page, which could say anything.
    assertThat(chat.open(key, event).status()).isEqualTo(201);
  }

  @Test
  void a_session_that_was_purged_and_made_again_is_not_the_visitors() throws Exception {
    Visit visit = Visit.open();
    String session = "/api/v1/sessions/" + visit.id();
    assertThat(chat.send("DELETE", session + "?purge=true", OwnServer.KEY, null).status())
        .isEqualTo(200);
    Chat.Reply again =
        chat.send(
            "POST",
            "/api/v1/sessions",
            OwnServer.KEY,
            "{\"type\":\"chat\",\"taskIdentifier\":\"x\",\"externalId\":\"%s\",\"triggerConfig\":{\"basePayload\":{}}}"
                .formatted(visit.id()));
    assertThat(again.status()).as(again.body()).isEqualTo(201);
    assertThat(visit.status("GET", visit.stream("in/records"), null)).isEqualTo(403);
    assertThat(visit.status("POST", visit.stream("in/append"), "x")).isEqualTo(403);
    assertThat(visit.status("GET", visit.messaging("/messages"), null)).isEqualTo(401);
    assertThat(visit.status("POST", "/api/ws/token", null)).isEqualTo(401);
  }

  @Test
  void a_token_ends_with_the_servers_clock() throws Exception {
    Visit visit = Visit.open();
    assertThat(visit.status("GET", visit.stream("out/records"), null)).isEqualTo(200);
    chat.advance(Duration.ofDays(7).plusSeconds(1));
    assertThat(visit.status("GET", visit.stream("out/records"), null)).isEqualTo(401);
    assertThat(visit.status("GET", visit.messaging("/messages"), null)).isEqualTo(401);
    assertThat(chat.apiKey("demo" + UUID.randomUUID())).isNotBlank();
  }
}
