package dev.parley.http.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.OwnServer;
import dev.parley.http.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The hand-off to a realtime worker (web-runtime.md section 6, across.md section 8). */
class HandOffTest {
  private static final String REALTIME_KEY = "key-of-the-realtime-worker";
  private static final String OTHER_TENANT = "tr_dev_key_of_another_tenant";
  private static final String SESSION = "/chat/realtime/session/";
  private static final Duration TIME_TO_LIVE = Duration.ofMinutes(20);

  @TempDir static Path directory;
  private static OwnServer server;
  private static Browser member;
  private static String organization;

  @BeforeAll
  static void start() throws Exception {
    server =
        OwnServer.start(
            directory,
            Map.of(
                "parley.test-clock",
                "on",
                "parley.web.hand-off.realtime-key",
                REALTIME_KEY,
                "parley.environments",
                List.of(Map.of("id", "env_other", "secret-keys", List.of(OTHER_TENANT)))));
    member = new Browser(server.origin());
    member.signUp();
    organization = member.whoAmI().at("/organizations/0/id").textValue();
  }

  @AfterAll
  static void stop() {
    Browser.disconnect();
    server.close();
  }

  private static String create(String organizationId) {
    return "/chat/realtime/ally/create-session/" + organizationId;
  }

  /** The member may have been logged out by a test that puts the clock forward. */
  private static String offer(String body) {
    Answer answer = member.post(create(organization), body);
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return answer.json().get("sessionId").textValue();
  }

  private static Answer take(String sessionId) {
    return send("GET", sessionId, REALTIME_KEY);
  }

  private static Answer send(String method, String sessionId, String key) {
    return new Browser(server.origin())
        .send(method, SESSION + sessionId, "", "Authorization", "Bearer " + key);
  }

  private static Instant advance(Duration by) {
    return new Browser(server.origin()).advance(by);
  }

  @Test
  void what_a_member_leaves_a_worker_gets() {
    Answer created =
        member.post(create(organization), "{\"config\":{\"voice\":\"é\",\"n\":[1,null]},\"x\":1}");
    assertThat(created.status()).as(created.body()).isEqualTo(201);
    Duration waits =
        Duration.between(
            advance(Duration.ofMillis(1)),
            Instant.parse(created.json().get("expiresAt").textValue()));
    assertThat(waits).isBetween(TIME_TO_LIVE.minusSeconds(30), TIME_TO_LIVE);
    String id = created.json().get("sessionId").textValue();
    Answer taken = take(id);
    assertThat(taken.status()).as(taken.body()).isEqualTo(200);
    JsonNode body = taken.json();
    assertThat(body.get("sessionId").textValue()).isEqualTo(id);
    assertThat(body.at("/context/targetOrganizationId").textValue()).isEqualTo(organization);
    assertThat(body.at("/context/userId")).isEqualTo(member.whoAmI().at("/user/id"));
    assertThat(body.get("config")).isEqualTo(Answer.parse("{\"voice\":\"é\",\"n\":[1,null]}"));
    assertThat(taken.header("Cache-Control")).isEqualTo("no-store");
  }

  @Test
  void the_configuration_may_be_left_out() {
    assertThat(take(offer("")).json().get("config")).isEqualTo(Answer.parse("{}"));
    assertThat(take(offer("{}")).json().get("config")).isEqualTo(Answer.parse("{}"));
  }

  @Test
  void it_is_given_once() {
    String id = offer("");
    assertThat(take(id).status()).isEqualTo(200);
    Answer again = take(id);
    assertThat(again.status()).isEqualTo(410);
    assertThat(again.json().get("code").textValue()).isEqualTo("consumed");
  }

  @Test
  void of_many_who_come_at_once_exactly_one_gets_it() {
    for (int round = 0; round < 5; round++) {
      String id = offer("{\"config\":{\"round\":" + round + "}}");
      List<CompletableFuture<Answer>> calls = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        calls.add(CompletableFuture.supplyAsync(() -> take(id), task -> new Thread(task).start()));
      }
      List<Integer> statuses =
          calls.stream().map(CompletableFuture::join).map(Answer::status).toList();
      assertThat(statuses).containsOnly(200, 410);
      assertThat(statuses.stream().filter(status -> status == 200)).hasSize(1);
    }
  }

  @Test
  void after_20_minutes_it_has_expired_and_a_day_later_nobody_knows_it() {
    String id = offer("");
    String taken = offer("");
    assertThat(take(taken).status()).isEqualTo(200);
    advance(TIME_TO_LIVE);
    Answer expired = take(id);
    assertThat(expired.status()).isEqualTo(410);
    assertThat(expired.json().get("code").textValue()).isEqualTo("expired");
    assertThat(take(taken).json().get("code").textValue()).isEqualTo("consumed");
    advance(Duration.ofHours(24).minusMinutes(1));
    assertThat(take(id).json().get("code").textValue()).isEqualTo("expired");
    assertThat(take(taken).status()).isEqualTo(404);
    advance(Duration.ofMinutes(1));
    assertThat(take(id).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"nobody", "00000000-0000-4000-8000-000000000000", "a%2Fb", "%00", "..%2e"})
  void an_unknown_one_is_404(String id) {
    assertThat(take(id).status()).isEqualTo(404);
  }

  @Test
  void only_get_consumes() {
    String id = offer("");
    Answer head = send("HEAD", id, REALTIME_KEY);
    assertThat(head.status()).isEqualTo(405);
    assertThat(head.header("Allow")).isEqualTo("GET");
    assertThat(send("OPTIONS", id, REALTIME_KEY).status()).isEqualTo(200);
    assertThat(send("POST", id, REALTIME_KEY).status()).isEqualTo(405);
    assertThat(take(id).status()).isEqualTo(200);
  }

  @Test
  void only_a_worker_gets_it() {
    String id = offer("");
    assertThat(member.get(SESSION + id).status()).isEqualTo(401);
    assertThat(send("GET", id, "wrong").status()).isEqualTo(401);
    assertThat(send("GET", id, OTHER_TENANT).status()).isEqualTo(401);
    assertThat(send("GET", id, OwnServer.KEY).status()).isEqualTo(200);
  }

  @Test
  void only_a_member_leaves_something() {
    assertThat(new Browser(server.origin()).post(create(organization), "").status()).isEqualTo(401);
    Browser other = new Browser(server.origin());
    other.signUp();
    assertThat(other.post(create(organization), "").status()).isEqualTo(403);
    assertThat(other.post(create(UUID.randomUUID().toString()), "").status()).isEqualTo(403);
    assertThat(member.post(create(organization), "", "Sec-Fetch-Site", "cross-site").status())
        .isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[]", "x", "{\"config\":[]}", "{\"config\":\"text\"}", "{\"config\":null}"})
  void a_configuration_is_an_object(String body) {
    assertThat(member.post(create(organization), body).status()).isEqualTo(400);
  }

  @Test
  void the_body_holds_at_most_64_kib() {
    String most = "{\"config\":{\"a\":\"" + "x".repeat(65_536 - 20) + "\"}}";
    assertThat(most).hasSize(65_536 - 1);
    assertThat(take(offer(most + " ")).status()).isEqualTo(200);
    Answer tooLarge = member.post(create(organization), most + "  ");
    assertThat(tooLarge.status()).isEqualTo(413);
    assertThat(tooLarge.error()).contains("65536");
  }

  @Test
  void the_realtime_server_says_how_it_is() {
    JsonNode health = new Browser(server.origin()).get("/chat/realtime/health").json();
    assertThat(health.get("status").textValue()).isEqualTo("ok");
    assertThat(health.get("service").textValue()).isEqualTo("realtime");
    assertThat(Instant.parse(health.get("timestamp").textValue())).isNotNull();
    assertThat(health).hasSize(3);
  }
}
