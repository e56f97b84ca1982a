package dev.parley.http.webchat;

import static org.assertj.core.api.Assertions.assertThat;

import com.auth0.jwt.JWT;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.OwnServer;
import dev.parley.auth.EmailAddress;
import dev.parley.http.Answer;
import dev.parley.http.webchat.Chat.Reply;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Administration of webchats, sessions of visitors and snippets (across.md section 6). */
class WebchatTest {
  private static final String OTHER_KEY = "tr_dev_key_of_another_tenant";

  @TempDir static Path data;
  private static OwnServer server;
  private static Chat chat;

  @BeforeAll
  static void start() throws Exception {
    server =
        OwnServer.start(
            data,
            Map.of(
                "parley.environments",
                List.of(Map.of("id", "env_other", "secret-keys", List.of(OTHER_KEY))),
                "parley.webchat.api-domain",
                "api.example.com",
                "parley.webchat.api-proxy-domain",
                "http://proxy.example.com:8081",
                "parley.webchat.events",
                List.of(
                    Map.of(
                        "id", "configured", "agent-id", Chat.ECHO, "organization-id", "conf-org")),
                "parley.test-clock",
                "on"));
    chat = new Chat(server.origin());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String path(String organization) {
    return "organizations/" + organization + "/webchat";
  }

  @Test
  void an_organization_has_settings_and_a_key_from_the_first_look_on() throws Exception {
    String organization = Chat.organization();
    JsonNode first = chat.settings(organization);
    assertThat(first.get("organizationId").textValue()).isEqualTo(organization);
    assertThat(first.get("widgetDomain").textValue()).isEqualTo("own");
    assertThat(first.get("allowedOrigins").size()).isZero();
    assertThat(first.get("apiKey").textValue()).startsWith("wc_");
    assertThat(chat.settings(organization)).isEqualTo(first);
  }

  @Test
  void settings_that_a_change_leaves_out_stay() throws Exception {
    String organization = Chat.organization();
    Reply all =
        chat.admin(
            "PUT",
            path(organization),
            """
            {"widgetDomain":"proxy","allowedOrigins":
              ["HTTPS://Shop.Example.com:443/","http://localhost:3000","https://*.Example.org"]}""");
    assertThat(all.status()).isEqualTo(200);
    assertThat(all.json().get("allowedOrigins").toString())
        .isEqualTo(
            "[\"https://shop.example.com\",\"http://localhost:3000\",\"https://*.example.org\"]");
    Reply one = chat.admin("PUT", path(organization), "{\"allowedOrigins\":[]}");
    assertThat(one.json().get("widgetDomain").textValue()).isEqualTo("proxy");
    assertThat(one.json().get("allowedOrigins").size()).isZero();
    assertThat(one.json().get("apiKey")).isEqualTo(all.json().get("apiKey"));
    assertThat(chat.settings(organization)).isEqualTo(one.json());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"widgetDomain\":\"mine\"}",
        "{\"allowedOrigins\":\"https://a.example\"}",
        "{\"allowedOrigins\":[\"https://a.example/path\"]}",
        "{\"allowedOrigins\":[\"a.example\"]}",
        "{\"allowedOrigins\":[\"ftp://a.example\"]}",
        "{\"allowedOrigins\":[\"null\"]}",
        "{\"allowedOrigins\":[\"https://*\"]}",
        "{\"allowedOrigins\":[\"https://[fe80::1%eth0]\"]}",
        "{\"allowedOrigins\":[\"https://*.\"]}",
        "{\"allowedOrigins\":[\"https://*.*.example\"]}",
        "{\"allowedOrigins\":[\"https://shop*.example\"]}",
        "[]",
        "no json"
      })
  void wrong_settings_are_400_and_change_nothing(String body) throws Exception {
    String organization = Chat.organization();
    JsonNode before = chat.settings(organization);
    Reply reply = chat.admin("PUT", path(organization), body);
    assertThat(reply.status()).as(reply.body()).isEqualTo(400);
    assertThat(reply.json().get("error").textValue()).isNotBlank();
    assertThat(chat.settings(organization)).isEqualTo(before);
  }

  @Test
  void after_a_rotation_the_old_key_opens_nothing() throws Exception {
    String organization = Chat.organization();
    String event = "event-" + UUID.randomUUID();
    chat.put(event, Chat.ECHO, organization, true);
    String old = chat.apiKey(organization);
    assertThat(chat.open(old, event).status()).isEqualTo(201);
    Reply rotated = chat.admin("POST", path(organization) + "/rotate-key", null);
    assertThat(rotated.status()).isEqualTo(200);
    String fresh = rotated.json().get("apiKey").textValue();
    assertThat(fresh).isNotEqualTo(old);
    assertThat(chat.open(old, event).status()).isEqualTo(401);
    assertThat(chat.open(fresh, event).status()).isEqualTo(201);
  }

  @Test
  void administration_needs_the_secret_key_of_the_default_environment() throws Exception {
    String publicKey = chat.apiKey("demo");
    for (String resource : List.of(path("demo"), "events/demo")) {
      assertThat(chat.send("GET", "/api/admin/" + resource, null, null).status()).isEqualTo(401);
      assertThat(chat.send("GET", "/api/admin/" + resource, publicKey, null).status())
          .isEqualTo(401);
      assertThat(chat.send("GET", "/api/admin/" + resource, OTHER_KEY, null).status())
          .isEqualTo(403);
    }
  }

  @Test
  void ids_that_can_be_none_are_400() throws Exception {
    assertThat(chat.admin("GET", "organizations/a%2Fb/webchat", null).status()).isEqualTo(400);
    assertThat(chat.admin("GET", "events/%3Cscript%3E", null).status()).isEqualTo(400);
    assertThat(chat.admin("GET", "events/" + "x".repeat(129), null).status()).isEqualTo(400);
  }

  @Test
  void an_event_is_mapped_changed_and_removed() throws Exception {
    String event = "event-" + UUID.randomUUID();
    assertThat(chat.admin("GET", "events/" + event, null).status()).isEqualTo(404);
    assertThat(chat.admin("DELETE", "events/" + event, null).status()).isEqualTo(404);
    assertThat(chat.put(event, Chat.ECHO, "acme", true).status()).isEqualTo(201);
    Reply changed = chat.put(event, Chat.ECHO, "acme", false);
    assertThat(changed.status()).isEqualTo(200);
    assertThat(chat.admin("GET", "events/" + event, null).json())
        .isEqualTo(
            Answer.parse(
                "{\"eventId\":\"%s\",\"agentId\":\"%s\",\"organizationId\":\"acme\",\"published\":false}"
                    .formatted(event, Chat.ECHO)));
    assertThat(chat.admin("DELETE", "events/" + event, null).status()).isEqualTo(204);
    assertThat(chat.admin("GET", "events/" + event, null).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"organizationId\":\"acme\",\"published\":true}",
        "{\"agentId\":\"echo\",\"organizationId\":\"acme\",\"published\":true}",
        "{\"agentId\":\"00000000-0000-4000-8000-0000000000ec\",\"organizationId\":\"a b\",\"published\":true}",
        "{\"agentId\":\"00000000-0000-4000-8000-0000000000ec\",\"organizationId\":\"acme\"}",
        "{\"agentId\":\"00000000-0000-4000-8000-0000000000ec\",\"organizationId\":\"acme\",\"published\":\"yes\"}"
      })
  void a_wrong_event_is_400(String body) throws Exception {
    assertThat(chat.admin("PUT", "events/wrong", body).status()).isEqualTo(400);
    assertThat(chat.admin("GET", "events/wrong", null).status()).isEqualTo(404);
  }

  @Test
  void events_of_the_configuration_give_way_to_the_api_and_come_back() throws Exception {
    String key = chat.apiKey("conf-org");
    assertThat(chat.open(key, "configured").status()).isEqualTo(201);
    assertThat(chat.put("configured", Chat.ECHO, "conf-org", false).status()).isEqualTo(200);
    assertThat(chat.open(key, "configured").status()).isEqualTo(409);
    assertThat(chat.admin("DELETE", "events/configured", null).status()).isEqualTo(204);
    assertThat(chat.open(key, "configured").status()).isEqualTo(201);
    assertThat(chat.admin("DELETE", "events/configured", null).status()).isEqualTo(409);
  }

  @Test
  void a_visitor_gets_a_messaging_session_and_its_tokens() throws Exception {
    JsonNode opened = chat.demo();
    assertThat(opened.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "sessionId", "visitorId", "wsToken", "sessionToken", "expiresAt");
    String id = opened.get("sessionId").textValue();
    JsonNode row = chat.send("GET", "/api/v1/sessions/" + id, OwnServer.KEY, null).json();
    assertThat(row.get("type").textValue()).isEqualTo("messaging");
    assertThat(row.get("taskIdentifier").textValue()).isEqualTo(Chat.ECHO);
    assertThat(row.get("tags").toString())
        .isEqualTo(
            "[\"agent:%s\",\"user:%s\"]".formatted(Chat.ECHO, opened.get("visitorId").textValue()));
    assertThat(row.get("metadata").toString())
        .isEqualTo("{\"eventId\":\"demo\",\"organizationId\":\"demo\"}");
    assertThat(row.get("expiresAt")).isEqualTo(opened.get("expiresAt"));
  }

  @Test
  void tokens_live_as_long_as_the_settings_say() throws Exception {
    JsonNode opened = chat.demo();
    Instant now = JWT.decode(opened.get("wsToken").textValue()).getIssuedAtAsInstant();
    assertThat(JWT.decode(opened.get("wsToken").textValue()).getExpiresAtAsInstant())
        .isEqualTo(now.plus(Duration.ofHours(24)));
    assertThat(JWT.decode(opened.get("sessionToken").textValue()).getExpiresAtAsInstant())
        .isEqualTo(now.plus(Duration.ofDays(7)));
    assertThat(JWT.decode(opened.get("wsToken").textValue()).getAudience())
        .doesNotContainAnyElementsOf(
            JWT.decode(opened.get("sessionToken").textValue()).getAudience());
  }

  @Test
  void a_visitor_who_comes_again_keeps_the_id_and_gets_another_session() throws Exception {
    String key = chat.apiKey("demo");
    String visitor = UUID.randomUUID().toString();
    String body =
        "{\"apiKey\":\"%s\",\"eventId\":\"demo\",\"visitorId\":\"%s\"}".formatted(key, visitor);
    JsonNode first = chat.send("POST", "/api/webchat/session", null, body).json();
    JsonNode second = chat.send("POST", "/api/webchat/session", null, body).json();
    assertThat(first.get("visitorId").textValue()).isEqualTo(visitor);
    assertThat(second.get("visitorId").textValue()).isEqualTo(visitor);
    // An id that anybody may claim opens no session that is there already.
    assertThat(second.get("sessionId")).isNotEqualTo(first.get("sessionId"));
  }

  @Test
  void a_wrong_key_is_401_whatever_it_looks_like() throws Exception {
    String key = chat.apiKey("demo");
    String last = key.endsWith("A") ? "B" : "A";
    for (String wrong :
        List.of(
            "",
            "wc_",
            "wc_!!.x",
            OwnServer.KEY,
            key.substring(0, key.length() - 1) + last,
            key + "A",
            // Of an organization that has no key.
            "wc_bm9ib2R5." + "A".repeat(32))) {
      assertThat(chat.open(wrong, "demo").status()).as(wrong).isEqualTo(401);
    }
    assertThat(chat.send("POST", "/api/webchat/session", null, "{\"eventId\":\"demo\"}").status())
        .isEqualTo(401);
  }

  @Test
  void what_is_missing_or_wrong_in_the_request_is_400() throws Exception {
    String key = chat.apiKey("demo");
    for (String body :
        List.of(
            "{\"apiKey\":\"" + key + "\"}",
            "{\"apiKey\":\"" + key + "\",\"eventId\":7}",
            "{\"apiKey\":\"" + key + "\",\"eventId\":\"demo\",\"visitorId\":\"me\"}",
            "{\"apiKey\":\"%s\",\"eventId\":\"demo\",\"visitorId\":\"%s\"}"
                .formatted(key, new EmailAddress("a@b.c").userId()),
            "{",
            "[]")) {
      assertThat(chat.send("POST", "/api/webchat/session", null, body).status())
          .as(body)
          .isEqualTo(400);
    }
    assertThat(
            chat.send("POST", "/api/webchat/session", null, "{" + " ".repeat(20_000) + "}")
                .status())
        .isEqualTo(413);
  }

  @Test
  void what_is_not_published_for_the_organization_is_409() throws Exception {
    String key = chat.apiKey("demo");
    String event = "event-" + UUID.randomUUID();
    assertThat(chat.open(key, event).status()).isEqualTo(409);
    assertThat(chat.open(key, "a b").status()).isEqualTo(409);
    chat.put(event, Chat.ECHO, "demo", false);
    assertThat(chat.open(key, event).status()).isEqualTo(409);
    chat.put(event, Chat.ECHO, "another", true);
    assertThat(chat.open(key, event).status()).isEqualTo(409);
    chat.put(event, UUID.randomUUID().toString(), "demo", true);
    Reply noAgent = chat.open(key, event);
    assertThat(noAgent.status()).isEqualTo(409);
    assertThat(noAgent.json().get("error").textValue()).contains("agent");
    assertThat(noAgent.header("x-should-retry")).isEqualTo("false");
  }

  @Test
  void a_browser_may_ask_before_it_posts() throws Exception {
    Reply preflight =
        chat.send(
            "OPTIONS",
            "/api/webchat/session",
            null,
            null,
            "Origin",
            "https://shop.example",
            "Access-Control-Request-Method",
            "POST");
    assertThat(preflight.status()).isEqualTo(200);
    assertThat(preflight.header("access-control-allow-origin")).isEqualTo("*");
    assertThat(preflight.header("access-control-allow-methods")).contains("POST");
    assertThat(preflight.header("access-control-allow-headers")).contains("content-type");
  }

  @Test
  void the_snippet_loads_the_widget_with_key_and_event() throws Exception {
    String organization = Chat.organization();
    String event = "event-" + UUID.randomUUID();
    chat.put(event, Chat.ECHO, organization, true);
    String path = "/api/webchat/snippet?eventId=" + event;
    Reply text = chat.send("GET", path, OwnServer.KEY, null);
    assertThat(text.status()).isEqualTo(200);
    assertThat(text.header("content-type")).startsWith("text/plain");
    String key = chat.apiKey(organization);
    assertThat(text.body())
        .contains("src=\"https://api.example.com/widget/alloy-webchat-widget.js\"")
        .contains("data-api-key=\"" + key + "\"")
        .contains("data-event-id=\"" + event + "\"")
        // Nothing inline, which a strict policy of the page would forbid.
        .endsWith(" async></script>\n");
    Reply json = chat.send("GET", path, OwnServer.KEY, null, "Accept", "application/json");
    assertThat(json.header("content-type")).startsWith("application/json");
    assertThat(json.json().fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("snippet", "apiKey", "eventId", "domain");
    assertThat(json.json().get("snippet").textValue()).isEqualTo(text.body());
    assertThat(json.json().get("domain").textValue()).isEqualTo("https://api.example.com");
    chat.admin("PUT", path(organization), "{\"widgetDomain\":\"proxy\"}");
    assertThat(
            chat.send("GET", path, OwnServer.KEY, null, "Accept", "application/json")
                .json()
                .get("domain")
                .textValue())
        .isEqualTo("http://proxy.example.com:8081");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"*/*", "text/*", "text/plain, application/json;q=0.5", "text/html", "image/png"})
  void who_does_not_want_json_more_gets_the_text(String accept) throws Exception {
    assertThat(
            chat.send(
                    "GET",
                    "/api/webchat/snippet?eventId=demo",
                    OwnServer.KEY,
                    null,
                    "Accept",
                    accept)
                .header("content-type"))
        .startsWith("text/plain");
  }

  @Test
  void a_snippet_needs_an_event_and_somebody_who_may_see_it() throws Exception {
    String path = "/api/webchat/snippet";
    assertThat(chat.send("GET", path, OwnServer.KEY, null).status()).isEqualTo(400);
    assertThat(chat.send("GET", path + "?eventId=nothing", OwnServer.KEY, null).status())
        .isEqualTo(404);
    assertThat(chat.send("GET", path + "?eventId=demo", null, null).status()).isEqualTo(401);
    assertThat(chat.send("GET", path + "?eventId=demo", "wrong", null).status()).isEqualTo(401);
    assertThat(chat.send("GET", path + "?eventId=demo", OTHER_KEY, null).status()).isEqualTo(401);
    String visitor = chat.demo().get("sessionToken").textValue();
    assertThat(chat.send("GET", path + "?eventId=demo", visitor, null).status()).isEqualTo(401);
    String event = "event-" + UUID.randomUUID();
    chat.put(event, Chat.ECHO, "demo", false);
    assertThat(chat.send("GET", path + "?eventId=" + event, OwnServer.KEY, null).status())
        .isEqualTo(409);
  }
}
