package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigFactory;
import dev.parley.http.Answer;
import dev.parley.http.web.Browser;
import dev.parley.http.webchat.Chat;
import dev.parley.http.ws.WsClient;
import dev.parley.http.ws.WsReader;
import dev.parley.journal.EmbeddedPostgres;
import dev.parley.journal.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Accounts, browser sessions and hand-offs on two nodes of one cluster: what holds, holds on both.
 */
class WebOnTwoNodesTest {
  private static final String KEY = "tr_dev_key_of_some_length";
  private static final int ROUNDS = 12;
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir static Path directory;
  private static EmbeddedPostgres postgres;
  private static Server one;
  private static Server two;

  @BeforeAll
  static void start() throws Exception {
    postgres = TestPostgres.start();
    List<Integer> ports = List.of(FreePort.on("127.0.0.1"), FreePort.on("127.0.0.1"));
    CompletableFuture<Server> first = starting(ports, 0);
    CompletableFuture<Server> second = starting(ports, 1);
    one = first.get(120, TimeUnit.SECONDS);
    two = second.get(120, TimeUnit.SECONDS);
  }

  @AfterAll
  static void stop() throws Exception {
    Browser.disconnect();
    Closing.all(two, one, postgres);
  }

  private static CompletableFuture<Server> starting(List<Integer> ports, int number) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return Server.start(Settings.of(settings(ports, number)));
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        },
        task -> new Thread(task).start());
  }

  private static com.typesafe.config.Config settings(List<Integer> ports, int number) {
    return ConfigFactory.load(
        ConfigFactory.parseMap(
                Map.of(
                    "parley.data-dir",
                    directory.resolve("node-" + number).toString(),
                    "parley.database-url",
                    TestPostgres.url(postgres.address()),
                    "parley.http.port",
                    0,
                    "parley.secret-key",
                    KEY,
                    "parley.web.session.secret",
                    "a secret that both nodes know",
                    "parley.cluster.port",
                    ports.get(number),
                    "parley.cluster.seed-nodes",
                    "127.0.0.1:%d,127.0.0.1:%d".formatted(ports.get(0), ports.get(1)),
                    "pekko.cluster.jmx.enabled",
                    "off",
                    // Each browser is somebody else.
                    "parley.http.trusted-proxies",
                    "127.0.0.1"))
            .withFallback(ConfigFactory.defaultApplication()));
  }

  private static String origin(Server node) {
    return "http://127.0.0.1:" + node.port();
  }

  private static Browser on(Server node) {
    return new Browser(origin(node));
  }

  /** All at once, in the order of the tasks. */
  private static <T> List<T> atOnce(List<Supplier<T>> tasks) {
    List<CompletableFuture<T>> started =
        tasks.stream()
            .map(task -> CompletableFuture.supplyAsync(task, run -> new Thread(run).start()))
            .toList();
    return started.stream().map(CompletableFuture::join).toList();
  }

  @Test
  void any_node_accepts_a_session_and_a_logout_ends_it_on_every_node_at_once() {
    for (int round = 0; round < ROUNDS; round++) {
      Browser here = on(one);
      String email = here.signUp();
      Browser there = here.at(origin(two));
      assertThat(there.isLoggedIn()).isTrue();
      assertThat(here.isLoggedIn()).isTrue();
      String cookie = here.cookie();
      Server node = round % 2 == 0 ? one : two;
      assertThat(here.at(origin(node)).post("/api/auth/logout", "").status()).isEqualTo(200);
      assertThat(on(one).with(cookie).isLoggedIn()).isFalse();
      assertThat(on(two).with(cookie).isLoggedIn()).isFalse();
      assertThat(there.logIn(email, Browser.PASSWORD).status()).isEqualTo(200);
      Browser again = on(one);
      assertThat(again.logIn(email, Browser.PASSWORD).status()).isEqualTo(200);
      assertThat(again.post("/api/auth/logout?everywhere=true", "").status()).isEqualTo(200);
      assertThat(there.isLoggedIn()).isFalse();
    }
  }

  @Test
  void first_calls_at_once_on_two_nodes_make_one_organization() {
    for (int round = 0; round < ROUNDS; round++) {
      Browser browser = on(one);
      browser.signUp();
      List<Supplier<JsonNode>> calls = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        Browser same = browser.at(origin(i % 2 == 0 ? one : two));
        calls.add(same::whoAmI);
      }
      Set<JsonNode> seen = new HashSet<>(atOnce(calls));
      assertThat(seen).hasSize(1);
      assertThat(seen.iterator().next().get("organizations")).hasSize(1);
    }
  }

  @Test
  void of_those_who_sign_up_at_once_on_two_nodes_one_has_the_address() {
    for (int round = 0; round < ROUNDS; round++) {
      String email = Browser.newEmail();
      List<Supplier<Integer>> calls =
          List.of(
              () -> on(one).signUp(email).status(),
              () -> on(two).signUp(email).status(),
              () -> on(one).signUp(email).status());
      assertThat(atOnce(calls).stream().sorted()).containsExactly(201, 409, 409);
    }
  }

  @Test
  void a_hand_off_is_given_once_whichever_node_is_asked() {
    Browser member = on(one);
    member.signUp();
    String organization = member.whoAmI().at("/organizations/0/id").textValue();
    for (int round = 0; round < ROUNDS; round++) {
      Answer created =
          member
              .at(origin(round % 2 == 0 ? one : two))
              .post("/chat/realtime/ally/create-session/" + organization, "{\"config\":{\"a\":1}}");
      assertThat(created.status()).as(created.body()).isEqualTo(201);
      String path = "/chat/realtime/session/" + created.json().get("sessionId").textValue();
      List<Supplier<Answer>> calls = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Server node = i % 2 == 0 ? one : two;
        calls.add(() -> on(node).get(path, "Authorization", "Bearer " + KEY));
      }
      List<Answer> answers = atOnce(calls);
      assertThat(answers.stream().map(Answer::status).sorted())
          .containsExactly(200, 410, 410, 410, 410, 410, 410, 410);
      assertThat(answers.stream().filter(answer -> answer.status() == 410))
          .allMatch(answer -> answer.json().get("code").textValue().equals("consumed"));
    }
  }

  @Test
  void wrong_passwords_are_counted_over_both_nodes() {
    String email = on(one).signUp();
    for (int i = 0; i < 10; i++) {
      Server node = i % 2 == 0 ? one : two;
      assertThat(on(node).logIn(email, "wrong password").status()).isEqualTo(401);
    }
    assertThat(on(one).logIn(email, Browser.PASSWORD).status()).isEqualTo(429);
    assertThat(on(two).logIn(email, Browser.PASSWORD).status()).isEqualTo(429);
  }

  private static String socketToken(Browser browser) {
    Answer minted = browser.post("/api/ws/token", "");
    assertThat(minted.status()).as(minted.body()).isEqualTo(201);
    return minted.json().get("token").textValue();
  }

  @Test
  void a_token_of_one_node_opens_a_socket_on_the_other_until_a_logout_on_either() throws Exception {
    for (int round = 0; round < 4; round++) {
      Browser here = on(one);
      here.signUp();
      String token = socketToken(here);
      WsClient there = WsClient.open(origin(two), token);
      assertThat(there.ask("{\"ref\":1}").get("code").textValue()).isEqualTo("unknown_type");
      WsClient near = WsClient.open(origin(one), socketToken(here.at(origin(two))));
      Server node = round % 2 == 0 ? one : two;
      String path = round < 2 ? "/api/auth/logout" : "/api/auth/logout?everywhere=true";
      assertThat(here.at(origin(node)).post(path, "").status()).isEqualTo(200);
      for (WsClient socket : List.of(there, near)) {
        assertThat(socket.awaitEnd().code()).isEqualTo(4401);
      }
      for (Server each : List.of(one, two)) {
        assertThat(WsClient.open(origin(each), token).awaitEnd().code()).isEqualTo(4401);
      }
    }
  }

  @Test
  void a_visitor_goes_on_at_the_other_node_with_each_record_once() throws Exception {
    Chat first = new Chat(origin(one));
    Chat second = new Chat(origin(two));
    String key =
        first
            .send("GET", "/api/admin/organizations/demo/webchat", KEY, null)
            .json()
            .get("apiKey")
            .textValue();
    JsonNode visit = first.open(key, "demo").json();
    String session = visit.get("sessionId").textValue();
    String token = visit.get("wsToken").textValue();
    WsReader reader = new WsReader(List.of(origin(two), origin(one)), session, token);
    reader.start();
    WsClient writer = WsClient.open(origin(one), token);
    for (int i = 0; i < 3; i++) {
      // Under the same part id from both sides: one message, one answer.
      for (WsClient socket : List.of(writer, WsClient.open(origin(two), token))) {
        assertThat(
                socket
                    .ask(
                        "{\"type\":\"append\",\"ref\":%d,\"session\":\"%s\",\"channel\":\"in\",\"data\":\"hello %d\",\"partId\":\"m-%d\"}"
                            .formatted(i, session, i, i))
                    .get("type")
                    .textValue())
            .isEqualTo("ack");
      }
    }
    Chat.Reply renewed =
        second.send(
            "POST", "/api/webchat/session/token", visit.get("sessionToken").textValue(), null);
    assertThat(renewed.status()).as(renewed.body()).isEqualTo(201);
    String out = "/realtime/v1/sessions/" + session + "/out/records";
    String fresh = renewed.json().get("sessionToken").textValue();
    assertThat(Eventually.within(SOON, () -> turns(first, out, fresh) == 3)).isTrue();
    JsonNode records = first.send("GET", out, fresh, null).json().get("records");
    assertThat(Eventually.within(SOON, () -> reader.seen().size() >= records.size())).isTrue();
    reader.finish();
    assertThat(reader.seen())
        .extracting(WsReader.Seen::seq)
        .containsExactlyElementsOf(LongStream.range(0, records.size()).boxed().toList());
  }

  private static long turns(Chat chat, String out, String token) {
    try {
      String body = chat.send("GET", out, token, null).body();
      return body.split("turn-complete", -1).length - 1;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void both_nodes_say_that_they_can_work() {
    for (Server node : List.of(one, two)) {
      assertThat(on(node).get("/chat/realtime/health").status()).isEqualTo(200);
    }
  }
}
