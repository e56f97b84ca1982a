package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.http.Described;
import dev.parley.journal.EmbeddedPostgres;
import dev.parley.journal.TestPostgres;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sessions that have ended answer as each contract says until their retention is over, and then are
 * purged by themselves (eliza.md part 12, items 2 and 23).
 */
class RetentionTest {
  private static final String API_KEY = "the key of this server";
  private static final String AGENT = "00000000-0000-4000-8000-0000000000ec";
  private static final Duration KEPT = Duration.ofDays(30);
  private static final Duration SOON = Duration.ofMinutes(1);
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path directory;
  private static EmbeddedPostgres postgres;
  private static OwnServer server;
  private static HttpClient http;

  @BeforeAll
  static void start() throws Exception {
    postgres = TestPostgres.start();
    startServer("30");
  }

  @AfterAll
  static void stop() {
    server.close();
    postgres.close();
  }

  private static void startServer(String retention) throws Exception {
    http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    server =
        OwnServer.start(
            directory,
            Map.of(
                "parley.database-url",
                TestPostgres.url(postgres.address()),
                "parley.test-clock",
                "on",
                "parley.messaging.api-key",
                API_KEY,
                "parley.retention",
                retention));
  }

  private static HttpResponse<String> send(String method, String path, String body)
      throws Exception {
    return Described.checked(
        http.send(
            HttpRequest.newBuilder(URI.create(server.origin() + path))
                .header("Authorization", "Bearer " + OwnServer.KEY)
                .header("X-API-KEY", API_KEY)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString()));
  }

  private static JsonNode ok(int status, HttpResponse<String> answer) throws Exception {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return JSON.readTree(answer.body());
  }

  private static void advance(Duration by) throws Exception {
    ok(200, send("POST", "/test/clock/advance", "{\"ms\":" + by.toMillis() + "}"));
  }

  private static Instant now() throws Exception {
    return Instant.parse(
        ok(200, send("POST", "/test/clock/advance", "{\"ms\":0}")).get("now").asText());
  }

  private static String messaging(String timeoutConfig) throws Exception {
    String body =
        "{\"agentId\":\"%s\",\"userId\":\"%s\",\"timeoutConfig\":%s}"
            .formatted(AGENT, UUID.randomUUID(), timeoutConfig);
    return ok(201, send("POST", "/api/messaging/sessions", body)).get("sessionId").asText();
  }

  private static String durable(String more) throws Exception {
    String externalId = "retained-" + UUID.randomUUID();
    String body =
        "{\"type\":\"t\",\"taskIdentifier\":\"t\",\"externalId\":\"%s\",\"triggerConfig\":{\"basePayload\":{}}%s}"
            .formatted(externalId, more);
    ok(201, send("POST", "/api/v1/sessions", body));
    return externalId;
  }

  private static int messagingStatus(String id) throws Exception {
    return send("GET", "/api/messaging/sessions/" + id, "").statusCode();
  }

  private static int durableStatus(String id) throws Exception {
    return send("GET", "/api/v1/sessions/" + id, "").statusCode();
  }

  private static int append(String id) throws Exception {
    return send("POST", "/realtime/v1/sessions/" + id + "/in/append", "text").statusCode();
  }

  /** The journal's rows and those of others follow within a moment. */
  private static void assertNothingStored(String text) {
    StoredText stored = new StoredText(postgres.address());
    assertThat(Eventually.within(LIMIT, () -> stored.find(text).isEmpty()))
        .as("%s", stored.find(text))
        .isTrue();
  }

  private static long dueTimes(String externalId) {
    return Long.parseLong(
        new StoredText(postgres.address())
            .value(
                "select count(*) from session_due join session_index"
                    + " using (environment_id, friendly_id) where external_id = ?",
                externalId));
  }

  @Test
  void an_expired_session_is_gone_for_as_long_as_it_is_kept_and_then_was_never_there()
      throws Exception {
    String id = messaging("{\"timeoutMinutes\":10,\"autoRenew\":false}");
    assertThat(append(id)).isEqualTo(200);
    advance(Duration.ofMinutes(11));
    for (int week = 0; week < 4; week++) {
      assertThat(messagingStatus(id)).isEqualTo(410);
      assertThat(durableStatus(id)).isEqualTo(200);
      assertThat(append(id)).isEqualTo(400);
      advance(Duration.ofDays(7));
    }
    assertThat(messagingStatus(id)).isEqualTo(410);
    advance(Duration.ofDays(3));
    assertThat(messagingStatus(id)).isEqualTo(404);
    assertThat(durableStatus(id)).isEqualTo(404);
    assertThat(append(id)).isEqualTo(404);
    assertNothingStored(id);
  }

  @Test
  void deleted_and_closed_sessions_are_purged_and_living_ones_are_not() throws Exception {
    String deleted = messaging("{\"timeoutMinutes\":600}");
    ok(200, send("DELETE", "/api/messaging/sessions/" + deleted, ""));
    String closedMessaging = messaging("{\"timeoutMinutes\":600}");
    ok(200, send("POST", "/api/v1/sessions/" + closedMessaging + "/close", "{}"));
    String closed = durable("");
    append(closed);
    ok(200, send("POST", "/api/v1/sessions/" + closed + "/close", "{}"));
    String living = durable("");
    advance(KEPT.minus(SOON));
    assertThat(messagingStatus(deleted)).isEqualTo(404);
    assertThat(durableStatus(deleted)).isEqualTo(200);
    assertThat(messagingStatus(closedMessaging)).isEqualTo(410);
    assertThat(durableStatus(closed)).isEqualTo(200);
    assertThat(append(closed)).isEqualTo(409);
    advance(SOON.plus(SOON));
    for (String gone : new String[] {deleted, closedMessaging, closed}) {
      assertThat(durableStatus(gone)).isEqualTo(404);
      assertThat(messagingStatus(gone)).isEqualTo(404);
      assertNothingStored(gone);
    }
    assertThat(durableStatus(living)).isEqualTo(200);
    advance(Duration.ofDays(400));
    assertThat(durableStatus(living)).isEqualTo(200);
  }

  @Test
  void a_purged_external_id_may_be_used_anew() throws Exception {
    String id = durable("");
    append(id);
    ok(200, send("POST", "/api/v1/sessions/" + id + "/close", "{}"));
    String again =
        "{\"type\":\"t\",\"taskIdentifier\":\"t\",\"externalId\":\"%s\",\"triggerConfig\":{\"basePayload\":{}}}"
            .formatted(id);
    assertThat(send("POST", "/api/v1/sessions", again).statusCode()).isEqualTo(409);
    advance(KEPT.plus(SOON));
    ok(201, send("POST", "/api/v1/sessions", again));
    JsonNode appended = ok(200, send("POST", "/realtime/v1/sessions/" + id + "/in/append", "text"));
    assertThat(appended.get("seq").asInt(-1)).isZero();
  }

  /** From the start on the real clock, to which the start in the middle goes back. */
  @Test
  void a_session_that_sleeps_is_purged_at_its_time_and_at_start_what_fell_due_meanwhile()
      throws Exception {
    server.close();
    startServer("30");
    Instant soon = now().plusSeconds(2);
    String expiring = durable(",\"expiresAt\":\"" + soon + "\"");
    String closed = durable("");
    append(closed);
    ok(200, send("POST", "/api/v1/sessions/" + closed + "/close", "{}"));
    assertThat(Eventually.within(LIMIT, () -> dueTimes(closed) == 1)).isTrue();
    server.close();
    startServer("30");
    // Nobody asks for either of them: both sleep.
    advance(KEPT.minus(SOON));
    assertThat(new StoredText(postgres.address()).find(closed)).isNotEmpty();
    assertThat(new StoredText(postgres.address()).find(expiring)).isNotEmpty();
    advance(SOON.plus(SOON));
    assertNothingStored(closed);
    assertNothingStored(expiring);
  }

  /** On the real clock, since a start forgets how far the test's clock was put forward. */
  @Test
  void what_was_to_stay_for_ever_goes_when_a_shorter_retention_begins() throws Exception {
    server.close();
    startServer("forever");
    String closed = durable("");
    append(closed);
    ok(200, send("POST", "/api/v1/sessions/" + closed + "/close", "{}"));
    String living = durable("");
    StoredText stored = new StoredText(postgres.address());
    assertThat(
            Eventually.within(
                LIMIT,
                () ->
                    stored
                        .value(
                            "select count(*) from session_index where external_id = ? and closed_at > 0",
                            closed)
                        .equals("1")))
        .isTrue();
    advance(KEPT.plus(KEPT));
    assertThat(durableStatus(closed)).isEqualTo(200);
    server.close();
    startServer("0.00001");
    assertNothingStored(closed);
    assertThat(durableStatus(closed)).isEqualTo(404);
    assertThat(durableStatus(living)).isEqualTo(200);
    server.close();
    startServer("30");
  }
}
