package dev.parley.http.messaging.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.OwnServer;
import dev.parley.http.Answer;
import dev.parley.http.messaging.Messaging;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * eliza.md sections 9.1 and 9.4, and part 12, items 3, 5 and 20, on a server that has a key and a
 * clock that can be moved.
 */
class GuardedSocketsTest {
  private static final String KEY = "the-key";
  private static final String AUTH = "{\"apiKey\":\"" + KEY + "\"}";
  private static final OkHttpClient HTTP = new OkHttpClient();

  @TempDir static Path directory;
  private static OwnServer server;

  @BeforeAll
  static void start() throws Exception {
    server =
        OwnServer.start(
            directory, Map.of("parley.test-clock", "on", "parley.messaging.api-key", KEY));
  }

  @AfterAll
  static void stop() {
    server.close();
    HTTP.connectionPool().evictAll();
  }

  private static Answer call(String method, String path, String body) {
    Request request =
        new Request.Builder()
            .url(server.origin() + path)
            .header("Authorization", "Bearer " + OwnServer.KEY)
            .header("X-API-KEY", KEY)
            .method(method, RequestBody.create(body, MediaType.get("application/json")))
            .build();
    try (Response response = HTTP.newCall(request).execute()) {
      return Answer.of(response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode create(String config) {
    Answer answer =
        call(
            "POST",
            Messaging.SESSIONS,
            Messaging.createBody(Messaging.user(), ",\"timeoutConfig\":" + config));
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return answer.json();
  }

  private static String id(JsonNode session) {
    return session.get("sessionId").textValue();
  }

  private static JsonNode heartbeat(JsonNode session) {
    return call("POST", Messaging.session(id(session)) + "/heartbeat", "").json();
  }

  private static void advance(Duration by) {
    Answer answer = call("POST", "/test/clock/advance", "{\"ms\":" + by.toMillis() + "}");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  private static SocketClient connect() {
    return SocketClient.connect(server.origin(), AUTH);
  }

  @ParameterizedTest
  @CsvSource({
    "'{}', ''",
    "'{\"apiKey\":\"wrong\"}', ''",
    "'{\"apiKey\":\"THE-KEY\"}', ''",
    "'{\"apiKey\":\"\"}', ''",
    "'{\"apiKey\":17}', ''",
    "'{\"apiKey\":\"wrong\"}', '&apiKey=the-key'",
    "'{}', '&apiKey=wrong'",
    "'{\"entityId\":\"no uuid\"}', ''",
  })
  void item_20_without_the_key_of_the_http_face_there_is_no_socket(String auth, String query) {
    try (SocketClient client = SocketClient.open(server.origin(), auth, query)) {
      assertThat(client.next("connect_error").get("message").textValue())
          .isEqualTo("Invalid or missing API Key");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"auth", "header", "query"})
  void item_20_the_key_of_the_http_face_opens_a_socket_wherever_it_stands(String place) {
    try (SocketClient client =
        switch (place) {
          case "auth" -> SocketClient.open(server.origin(), AUTH, "");
          case "header" -> SocketClient.open(server.origin(), "{}", "", "X-Api-Key", KEY);
          default -> SocketClient.open(server.origin(), "{}", "&apiKey=" + KEY);
        }) {
      JsonNode authenticated = client.next("authenticated");
      assertThat(authenticated.get("entityId").isNull()).isTrue();
      assertThat(authenticated.get("timestamp").textValue()).matches(Messaging.ISO);
      JsonNode established = client.next("connection_established");
      assertThat(established.get("socketId").textValue()).isNotBlank();
      assertThat(established.get("message").textValue()).isNotBlank();
    }
  }

  @Test
  void item_20_two_keys_in_headers_are_none() {
    try (SocketClient client =
        SocketClient.open(server.origin(), "{}", "", "x-api-key", KEY, "x-api-key", KEY)) {
      assertThat(client.next("connect_error").get("message").textValue())
          .isEqualTo("Invalid or missing API Key");
    }
  }

  @Test
  void an_entity_is_named_by_a_uuid_or_not_at_all() {
    String entity = "0B6C96E1-c37b-0d58-1b6e-97a42fd1683d";
    String auth = "{\"apiKey\":\"the-key\",\"entityId\":%s}";
    try (SocketClient client =
        SocketClient.open(server.origin(), auth.formatted("\"" + entity + "\""), "")) {
      assertThat(client.next("authenticated").get("entityId").textValue()).isEqualTo(entity);
    }
    for (String wrong : new String[] {"\"me\"", "\"\"", "17", "{}"}) {
      try (SocketClient client = SocketClient.open(server.origin(), auth.formatted(wrong), "")) {
        assertThat(client.next("connect_error").get("message").textValue())
            .isEqualTo("Valid entityId required");
      }
    }
    try (SocketClient client = SocketClient.open(server.origin(), auth.formatted("null"), "")) {
      client.next("authenticated");
    }
  }

  @Test
  void item_03_the_warning_reaches_the_room_once_before_each_end() {
    JsonNode session = create("{\"timeoutMinutes\":10,\"warningThresholdMinutes\":4.5}");
    try (SocketClient client = connect();
        SocketClient late = connect()) {
      client.joinSession(id(session));
      advance(Duration.ofMinutes(6));
      JsonNode warning = client.next("sessionExpirationWarning");
      assertThat(warning.get("sessionId")).isEqualTo(session.get("sessionId"));
      assertThat(warning.get("minutesRemaining").intValue()).isEqualTo(5);
      assertThat(warning.get("expiresAt")).isEqualTo(session.get("expiresAt"));

      late.joinChannel(session.get("channelId").textValue());
      JsonNode missed = late.next("sessionExpirationWarning");
      assertThat(missed.get("minutesRemaining").intValue()).isEqualTo(4);
      assertThat(missed.get("expiresAt")).isEqualTo(session.get("expiresAt"));
      client.hasNothing();

      JsonNode renewed = heartbeat(session);
      for (SocketClient each : new SocketClient[] {client, late}) {
        JsonNode event = each.next("sessionRenewed");
        assertThat(event.get("expiresAt")).isEqualTo(renewed.get("expiresAt"));
        assertThat(event.get("renewalCount")).isEqualTo(renewed.get("renewalCount"));
      }
      advance(Duration.ofMinutes(6));
      assertThat(client.next("sessionExpirationWarning").get("expiresAt"))
          .isEqualTo(renewed.get("expiresAt"));
      late.next("sessionExpirationWarning");
    }
  }

  @Test
  void item_05_the_end_reaches_the_room_once_and_nobody_comes_in_afterwards() {
    JsonNode session = create("{\"timeoutMinutes\":5,\"warningThresholdMinutes\":1}");
    try (SocketClient client = connect()) {
      client.joinSession(id(session));
      // Over both deadlines at once, and far beyond.
      advance(Duration.ofHours(1));
      assertThat(client.next("sessionExpirationWarning").get("minutesRemaining").intValue())
          .isEqualTo(1);
      JsonNode expired = client.next("sessionExpired");
      assertThat(expired.get("sessionId")).isEqualTo(session.get("sessionId"));
      assertThat(expired.get("expiredAt")).isEqualTo(session.get("expiresAt"));
      advance(Duration.ofHours(1));
      String reason =
          "Session '%s' expired at %s".formatted(id(session), session.get("expiresAt").textValue());
      assertThat(client.refused("join", "{\"roomId\":\"%s\"}".formatted(id(session))))
          .isEqualTo(reason);
      assertThat(
              client.refused(
                  "1", "{\"channelId\":\"%s\"}".formatted(session.get("channelId").textValue())))
          .isEqualTo(reason);
      client.hasNothing();
    }
  }

  @Test
  void item_18_nothing_is_sent_into_a_session_that_has_expired() {
    JsonNode session = create("{\"timeoutMinutes\":5,\"warningThresholdMinutes\":1}");
    try (SocketClient client = connect()) {
      client.joinSession(id(session));
      advance(Duration.ofMinutes(5));
      client.next("sessionExpirationWarning");
      client.next("sessionExpired");
      String send =
          "{\"channelId\":\"%s\",\"message\":\"x\"}"
              .formatted(session.get("channelId").textValue());
      assertThat(client.refused("2", send))
          .isEqualTo(
              "Session '%s' expired at %s"
                  .formatted(id(session), session.get("expiresAt").textValue()));
      client.hasNothing();
    }
  }
}
