package dev.parley.http.messaging;

import static dev.parley.http.messaging.Messaging.SESSIONS;
import static dev.parley.http.messaging.Messaging.error;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.Eventually;
import dev.parley.OwnServer;
import dev.parley.http.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * eliza.md sections 1.1, 3.2, 4 and 7, and part 12, items 1, 2, 11 and 12, on a server that has a
 * key, a limit, agents with settings and a clock that can be moved.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GuardedServerTest {
  private static final String API_KEY = "the key of this server";
  private static final int LIMIT = 300;
  private static final String SLOW = "00000000-0000-0000-8000-0000000000a1";
  private static final String STOPPED = "00000000-0000-0000-8000-0000000000a2";

  @TempDir static Path directory;
  private static OwnServer server;
  private static final OkHttpClient HTTP = new OkHttpClient();

  @BeforeAll
  static void start() throws Exception {
    server = OwnServer.start(directory, settings());
  }

  private static Map<String, Object> settings() {
    return Map.of(
        "parley.test-clock",
        "on",
        "parley.messaging.api-key",
        API_KEY,
        "parley.messaging.max-payload",
        "20kb",
        "parley.messaging.rate-limit.requests",
        LIMIT,
        "parley.messaging.rate-limit.window",
        "1d",
        "parley.agents",
        List.of(
            Map.of("id", Messaging.AGENT, "name", "Echo", "kind", "echo"),
            Map.of("id", STOPPED, "name", "Stopped", "kind", "echo", "started", false),
            Map.of(
                "id",
                SLOW,
                "name",
                "Slow",
                "kind",
                "echo",
                "settings",
                Map.of(
                    "SESSION_TIMEOUT_MINUTES", "45",
                    "SESSION_AUTO_RENEW", "false",
                    "SESSION_MAX_DURATION_MINUTES", "90",
                    "SESSION_WARNING_THRESHOLD_MINUTES", "9"))));
  }

  @AfterAll
  static void stop() {
    server.close();
    HTTP.connectionPool().evictAll();
  }

  private static Answer send(String method, String path, String body, String... keys) {
    Request.Builder request =
        new Request.Builder()
            .url(server.origin() + path)
            .header("Authorization", "Bearer " + OwnServer.KEY)
            .method(
                method,
                method.equals("GET") || method.equals("OPTIONS")
                    ? null
                    : RequestBody.create(body, MediaType.get("application/json")));
    for (String key : keys) {
      request.addHeader("x-api-key", key);
    }
    try (Response response = HTTP.newCall(request.build()).execute()) {
      return Answer.of(response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Answer call(String method, String path, String body) {
    return send(method, SESSIONS + path, body, API_KEY);
  }

  private static Answer tryCreate(String agent, String config) {
    String body =
        "{\"agentId\":\"%s\",\"userId\":\"%s\",\"timeoutConfig\":%s}"
            .formatted(agent, Messaging.user(), config);
    return call("POST", "", body);
  }

  private static JsonNode create(String agent, String config) {
    Answer answer = tryCreate(agent, config);
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return answer.json();
  }

  private static String id(JsonNode session) {
    return "/" + session.get("sessionId").textValue();
  }

  private static void advance(Duration by) {
    Answer answer = send("POST", "/test/clock/advance", "{\"ms\":" + by.toMillis() + "}");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  private static Duration between(JsonNode info, String from, String to) {
    return Duration.between(
        Instant.parse(info.get(from).textValue()), Instant.parse(info.get(to).textValue()));
  }

  private static int expiredSessions() {
    return call("GET", "", "").json().at("/stats/expiredSessions").intValue();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/messaging/sessions, ''",
    "GET, /api/messaging/sessions/health, ''",
    "GET, /api/messaging/nothing, ''",
    "PUT, /api/messaging/sessions, {",
    "POST, /api/messaging/sessions, {",
    "DELETE, /api/messaging/sessions/x, ''"
  })
  @Order(1)
  void without_the_key_nothing_else_is_looked_at(String method, String path, String body) {
    String[][] wrong = {
      {}, {"wrong"}, {API_KEY + "x"}, {API_KEY.toUpperCase(Locale.ROOT)}, {API_KEY, "x"}
    };
    for (String[] keys : wrong) {
      Answer answer = send(method, path, body, keys);
      JsonNode error = error(answer, 401, "UNAUTHORIZED");
      assertThat(error.get("message").textValue()).contains("API key required");
      assertThat(answer.json().has("success")).isFalse();
    }
  }

  @Test
  @Order(2)
  void a_preflight_needs_no_key_and_the_key_opens() {
    assertThat(send("OPTIONS", SESSIONS, "").status()).isEqualTo(204);
    assertThat(call("GET", "/health", "").status()).isEqualTo(200);
    error(call("POST", "", "{"), 400, "INVALID_JSON");
    error(call("POST", "", " ".repeat(20 * 1024 + 1)), 413, "PAYLOAD_TOO_LARGE");
  }

  @Test
  @Order(3)
  void item_12_the_agents_settings_lie_between_the_defaults_and_the_request() {
    assertThat(create(SLOW, "{}").get("timeoutConfig"))
        .isEqualTo(
            Answer.parse(
                "{\"timeoutMinutes\":45,\"autoRenew\":false,\"maxDurationMinutes\":90,"
                    + "\"warningThresholdMinutes\":9}"));
    assertThat(
            create(SLOW, "{\"timeoutMinutes\":\"x\",\"autoRenew\":true,\"maxDurationMinutes\":50}")
                .get("timeoutConfig"))
        .isEqualTo(
            Answer.parse(
                "{\"timeoutMinutes\":45,\"autoRenew\":true,\"maxDurationMinutes\":50,"
                    + "\"warningThresholdMinutes\":9}"));
    error(tryCreate(STOPPED, "{}"), 404, "AGENT_NOT_FOUND");
  }

  @Test
  @Order(4)
  void item_02_an_expired_session_is_gone_and_stays_gone_until_it_is_deleted() {
    JsonNode session = create(Messaging.AGENT, "{\"timeoutMinutes\":10}");
    String id = id(session);
    advance(Duration.ofMinutes(6));
    assertThat(call("GET", id, "").json().get("isNearExpiration").booleanValue()).isTrue();
    JsonNode renewed = call("POST", id + "/heartbeat", "").json();
    assertThat(renewed.get("isNearExpiration").booleanValue()).isFalse();
    assertThat(between(renewed, "lastActivity", "expiresAt")).isEqualTo(Duration.ofMinutes(10));
    advance(Duration.ofMinutes(10));
    String end = renewed.get("expiresAt").textValue();
    for (int i = 0; i < 2; i++) {
      for (Answer answer :
          List.of(
              call("GET", id, ""),
              call("POST", id + "/renew", ""),
              call("POST", id + "/heartbeat", ""),
              call("PATCH", id + "/timeout", "{\"timeoutMinutes\":1}"))) {
        JsonNode error = error(answer, 410, "SESSION_EXPIRED");
        assertThat(error.get("message").textValue())
            .isEqualTo("Session '%s' expired at %s".formatted(id.substring(1), end));
        assertThat(error.get("details"))
            .isEqualTo(
                Answer.parse(
                    "{\"sessionId\":\"%s\",\"expiresAt\":\"%s\"}".formatted(id.substring(1), end)));
      }
      // On within the maximum duration, behind which /renew would name that instead.
      advance(Duration.ofHours(2));
    }
    assertThat(Eventually.within(Duration.ofSeconds(5), () -> expiredSessions() > 0)).isTrue();
    assertThat(call("DELETE", id, "").status()).isEqualTo(200);
    error(call("GET", id, ""), 404, "SESSION_NOT_FOUND");
  }

  @Test
  @Order(5)
  void item_11_renewals_end_at_the_maximum_which_only_renew_names() {
    JsonNode session =
        create(Messaging.AGENT, "{\"timeoutMinutes\":60,\"maxDurationMinutes\":100}");
    String id = id(session);
    advance(Duration.ofMinutes(50));
    JsonNode renewed = call("POST", id + "/renew", "").json();
    assertThat(renewed.get("renewalCount").intValue()).isEqualTo(1);
    assertThat(between(renewed, "createdAt", "expiresAt")).isEqualTo(Duration.ofMinutes(100));
    advance(Duration.ofMinutes(50));
    error(call("GET", id, ""), 410, "SESSION_EXPIRED");
    error(call("POST", id + "/heartbeat", ""), 410, "SESSION_EXPIRED");
    JsonNode error = error(call("POST", id + "/renew", ""), 422, "SESSION_RENEWAL_FAILED");
    assertThat(error.get("message").textValue())
        .isEqualTo(
            "Cannot renew session '%s': Maximum duration reached".formatted(id.substring(1)));
    JsonNode details = error.get("details");
    assertThat(details.get("maxDurationMinutes").intValue()).isEqualTo(100);
    assertThat(details.get("createdAt")).isEqualTo(session.get("createdAt"));
    assertThat(details.get("expiresAt")).isEqualTo(renewed.get("expiresAt"));
    assertThat(details.get("sessionId")).isEqualTo(session.get("sessionId"));
  }

  @Test
  @Order(6)
  void a_patch_may_put_the_end_into_the_past() {
    String id = id(create(Messaging.AGENT, "{\"timeoutMinutes\":60}"));
    advance(Duration.ofMinutes(30));
    Answer answer = call("PATCH", id + "/timeout", "{\"timeoutMinutes\":10}");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().get("timeRemaining").longValue()).isZero();
    assertThat(answer.json().get("isNearExpiration").booleanValue()).isFalse();
    error(call("GET", id, ""), 410, "SESSION_EXPIRED");
  }

  @Test
  @Order(7)
  void item_01_a_restart_changes_nothing() throws Exception {
    String id = id(create(SLOW, "{\"timeoutMinutes\":600,\"maxDurationMinutes\":700}"));
    call("POST", id + "/renew", "");
    JsonNode before = call("GET", id, "").json();
    String expired = id(create(Messaging.AGENT, "{\"timeoutMinutes\":5}"));
    advance(Duration.ofMinutes(5));
    error(call("GET", expired, ""), 410, "SESSION_EXPIRED");
    HTTP.connectionPool().evictAll();
    server.close();
    server = OwnServer.start(directory, settings());
    JsonNode after = call("GET", id, "").json();
    assertThat(after.size()).isEqualTo(before.size());
    before
        .fields()
        .forEachRemaining(
            field -> {
              if (!field.getKey().equals("timeRemaining")) {
                assertThat(after.get(field.getKey())).isEqualTo(field.getValue());
              }
            });
    error(call("GET", expired, ""), 410, "SESSION_EXPIRED");
  }

  @Test
  @Order(8)
  void an_address_may_call_so_often_and_is_told() {
    Answer first = call("GET", "/health", "");
    assertThat(first.header("RateLimit-Limit")).isEqualTo("" + LIMIT);
    assertThat(first.header("RateLimit-Policy")).isEqualTo(LIMIT + ";w=86400");
    int left = Integer.parseInt(first.header("RateLimit-Remaining"));
    assertThat(Long.parseLong(first.header("RateLimit-Reset")))
        .isBetween(1L, TimeUnit.DAYS.toSeconds(1));
    for (int i = left - 1; i >= 0; i--) {
      Answer next = send("GET", SESSIONS + "/x", "", i % 2 == 0 ? "wrong" : API_KEY);
      assertThat(next.status()).isEqualTo(i % 2 == 0 ? 401 : 404);
      assertThat(next.header("RateLimit-Remaining")).isEqualTo("" + i);
    }
    Answer refused = call("GET", "/health", "");
    error(refused, 429, "RATE_LIMIT_EXCEEDED");
    assertThat(refused.json().get("success").booleanValue()).isFalse();
    assertThat(Long.parseLong(refused.header("Retry-After"))).isPositive();
    assertThat(refused.header("RateLimit-Remaining")).isEqualTo("0");
    assertThat(send("GET", "/api/v1/sessions", "").status()).isEqualTo(200);
  }
}
