package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.http.Described;
import dev.parley.session.Activity;
import dev.parley.session.Channel;
import dev.parley.session.IsoTime;
import dev.parley.session.Lifetime;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import dev.parley.session.TimeoutPolicy;
import dev.parley.session.Waitpoint;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Time as the clock hook moves it: what falls due on the way is decided at its own time. */
class TestClockTest {
  private static final String KEY = OwnServer.KEY;
  private static final String ENVIRONMENT = "env_clock";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir static Path directory;
  private static OwnServer server;

  private final SessionId id = SessionId.random(ENVIRONMENT);

  @BeforeAll
  static void start() throws Exception {
    server =
        OwnServer.start(
            directory, Map.of("parley.environment-id", ENVIRONMENT, "parley.test-clock", "on"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpResponse<String> post(String path, String body, String key) throws Exception {
    return Described.checked(
        HTTP.send(
            HttpRequest.newBuilder(URI.create(server.origin() + path))
                .header("Authorization", "Bearer " + key)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString()));
  }

  private static Instant advance(Duration by) throws Exception {
    HttpResponse<String> answer =
        post("/test/clock/advance", "{\"ms\":" + by.toMillis() + "}", KEY);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Instant.parse(JSON.readTree(answer.body()).get("now").asText());
  }

  private List<JsonNode> lifecycle() throws Exception {
    HttpResponse<String> answer =
        HTTP.send(
            HttpRequest.newBuilder(
                    URI.create(
                        "%s/realtime/v1/sessions/%s/channels/lifecycle/out/records"
                            .formatted(server.origin(), id.friendlyId())))
                .header("Authorization", "Bearer " + KEY)
                .build(),
            HttpResponse.BodyHandlers.ofString());
    List<JsonNode> events = new ArrayList<>();
    JSON.readTree(answer.body()).get("records").forEach(record -> events.add(record.get("data")));
    return events;
  }

  private static List<String> types(List<JsonNode> events) {
    return events.stream().map(event -> event.get("type").asText()).toList();
  }

  private SessionReply ask(SessionCommand command) throws Exception {
    return server.sessions().ask(id, command).toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private Instant create(TimeoutPolicy timeout) throws Exception {
    SessionReply reply =
        ask(
            new SessionCommand.Create(
                null, "t", "t", "{}", List.of(), null, null, timeout, null, "run"));
    return ((SessionReply.Started) reply).info().createdAt();
  }

  private Lifetime touch(Activity activity) throws Exception {
    return ((SessionReply.Alive) ask(new SessionCommand.Touch(activity))).lifetime();
  }

  @Test
  void a_session_warns_and_expires_once_each_at_its_time() throws Exception {
    Instant createdAt = create(new TimeoutPolicy(30, true, 720, 5));
    advance(Duration.ofHours(3));
    List<JsonNode> events = lifecycle();
    assertThat(types(events)).containsExactly("created", "warning", "expired");
    Instant end = createdAt.plus(Duration.ofMinutes(30));
    JsonNode warning = events.get(1);
    assertThat(warning.get("expiresAt").asText()).isEqualTo(text(end));
    assertThat(warning.get("minutesRemaining").asInt()).isEqualTo(5);
    assertThat(Instant.parse(warning.get("at").asText()))
        .isBetween(
            end.minus(Duration.ofMinutes(5)), end.minus(Duration.ofMinutes(5)).plusSeconds(2));
    JsonNode expired = events.get(2);
    assertThat(expired.get("expiresAt").asText()).isEqualTo(text(end));
    assertThat(Instant.parse(expired.get("noticedAt").asText())).isBetween(end, end.plusSeconds(2));
    assertThat(ask(new SessionCommand.Touch(Activity.HEARTBEAT)))
        .isEqualTo(new SessionReply.Expired());
    advance(Duration.ofDays(1));
    assertThat(types(lifecycle())).hasSize(3);
  }

  @Test
  void renewals_move_the_end_and_renewals_close_together_become_one_record() throws Exception {
    create(new TimeoutPolicy(30, true, 720, 5));
    advance(Duration.ofMinutes(20));
    touch(Activity.HEARTBEAT);
    touch(Activity.HEARTBEAT);
    Lifetime last = touch(Activity.HEARTBEAT);
    assertThat(last.renewalCount()).isEqualTo(3);
    assertThat(types(lifecycle())).containsExactly("created", "renewed");
    advance(Duration.ofSeconds(10));
    List<JsonNode> events = lifecycle();
    assertThat(types(events)).containsExactly("created", "renewed", "renewed");
    assertThat(events.get(1).get("renewalCount").asInt()).isEqualTo(1);
    assertThat(events.get(2).get("renewalCount").asInt()).isEqualTo(3);
    assertThat(events.get(2).get("cause").asText()).isEqualTo("heartbeat");
    assertThat(events.get(2).get("expiresAt").asText()).isEqualTo(text(last.expiresAt()));
    advance(Duration.ofMinutes(24));
    assertThat(types(lifecycle())).hasSize(3);
    advance(Duration.ofMinutes(6));
    assertThat(types(lifecycle()))
        .containsExactly("created", "renewed", "renewed", "warning", "expired");
  }

  @Test
  void a_durable_session_may_ask_for_a_timeout_and_its_end_moves() throws Exception {
    String body =
        "{\"type\":\"t\",\"taskIdentifier\":\"t\",\"externalId\":\"%s\","
                .formatted(id.friendlyId().substring(8))
            + "\"triggerConfig\":{\"basePayload\":{}},\"timeoutConfig\":{\"timeoutMinutes\":10}}";
    HttpResponse<String> created = post("/api/v1/sessions", body, KEY);
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    JsonNode row = JSON.readTree(created.body());
    Instant createdAt = Instant.parse(row.get("createdAt").asText());
    assertThat(row.get("expiresAt").asText())
        .isEqualTo(text(createdAt.plus(Duration.ofMinutes(10))));
    advance(Duration.ofMinutes(8));
    String append = "/realtime/v1/sessions/" + row.get("id").asText() + "/in/append";
    assertThat(post(append, "still here", KEY).statusCode()).isEqualTo(200);
    advance(Duration.ofMinutes(8));
    assertThat(post(append, "and still", KEY).statusCode()).isEqualTo(200);
    advance(Duration.ofMinutes(11));
    assertThat(post(append, "too late", KEY).statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"timeoutConfig\":{\"autoRenew\":\"no\"}",
        "\"timeoutConfig\":[]",
        "\"timeoutConfig\":{},\"expiresAt\":\"2099-01-01T00:00:00Z\"",
      })
  void a_timeout_that_can_not_be_is_refused(String fields) throws Exception {
    String body =
        "{\"type\":\"t\",\"taskIdentifier\":\"t\",\"triggerConfig\":{\"basePayload\":{}},%s}"
            .formatted(fields);
    HttpResponse<String> answer = post("/api/v1/sessions", body, KEY);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains("Validation error");
  }

  @Test
  void a_message_is_activity_and_a_session_at_its_maximum_is_not_renewed() throws Exception {
    Instant createdAt = create(new TimeoutPolicy(30, true, 60, 5));
    advance(Duration.ofMinutes(25));
    HttpResponse<String> message =
        post("/realtime/v1/sessions/" + id.friendlyId() + "/in/append", "hello", KEY);
    assertThat(message.statusCode()).isEqualTo(200);
    advance(Duration.ofMinutes(20));
    Lifetime capped = touch(Activity.MANUAL);
    assertThat(capped.renewalCount()).isEqualTo(2);
    assertThat(capped.expiresAt()).isEqualTo(createdAt.plus(Duration.ofMinutes(60)));
    advance(Duration.ofMinutes(16));
    assertThat(ask(new SessionCommand.Touch(Activity.MANUAL)))
        .isInstanceOf(SessionReply.AtMaximum.class);
    assertThat(
            post("/realtime/v1/sessions/" + id.friendlyId() + "/in/append", "late", KEY)
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void a_hard_deadline_is_noticed_too_and_a_closed_session_expires_no_more() throws Exception {
    Instant end = advance(Duration.ZERO).plus(Duration.ofMinutes(10));
    ask(new SessionCommand.Create(null, "t", "t", "{}", null, null, end, null, null, "run"));
    advance(Duration.ofMinutes(11));
    assertThat(types(lifecycle())).containsExactly("created", "expired");
    ask(new SessionCommand.Close("done", null, "c"));
    advance(Duration.ofDays(1));
    assertThat(types(lifecycle())).containsExactly("created", "expired", "closed");
  }

  @Test
  void waiters_time_out_in_the_order_of_their_deadlines_beside_the_end() throws Exception {
    Instant now = create(new TimeoutPolicy(5, true, 60, 1));
    for (int minutes : new int[] {7, 3, 1}) {
      ask(
          new SessionCommand.Wait(
              "w" + minutes,
              Channel.IN,
              -1,
              now.plus(Duration.ofMinutes(minutes)),
              List.of(),
              null,
              null,
              null,
              true));
    }
    advance(Duration.ofMinutes(6));
    assertThat(ended("w1")).isEqualTo(now.plus(Duration.ofMinutes(1)));
    assertThat(ended("w3")).isEqualTo(now.plus(Duration.ofMinutes(3)));
    assertThat(server.sessions().watch(id, "w7", Duration.ZERO).toCompletableFuture().get())
        .hasValueSatisfying(waitpoint -> assertThat(waitpoint.outcome()).isNull());
    advance(Duration.ofMinutes(2));
    assertThat(ended("w7")).isEqualTo(now.plus(Duration.ofMinutes(7)));
  }

  /** To the second: the clock also goes on by itself. */
  private Instant ended(String id) throws Exception {
    Waitpoint waitpoint =
        server
            .sessions()
            .watch(this.id, id, Duration.ZERO)
            .toCompletableFuture()
            .get()
            .orElseThrow();
    Instant deadline = waitpoint.timeoutAt();
    assertThat(waitpoint.outcome().at()).isBetween(deadline, deadline.plusSeconds(2));
    return deadline;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{}", "{\"ms\":-1}", "{\"ms\":1.5}", "{\"ms\":\"1\"}", "{\"ms\":1e30}", "[]"})
  void what_is_no_number_of_milliseconds_is_refused(String body) throws Exception {
    assertThat(post("/test/clock/advance", body, KEY).statusCode()).isEqualTo(400);
  }

  @Test
  void the_clock_is_for_the_secret_key_alone() throws Exception {
    assertThat(post("/test/clock/advance", "{\"ms\":1}", "wrong").statusCode()).isEqualTo(401);
  }

  private static String text(Instant instant) {
    return IsoTime.format(instant);
  }
}
