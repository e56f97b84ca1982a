package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.http.Answer;
import dev.parley.http.web.Browser;
import dev.parley.http.webchat.Chat;
import dev.parley.http.ws.WsClient;
import dev.parley.http.ws.WsReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * WebSockets on three nodes that are processes of their own: what is promised on every node
 * (web-runtime.md sections 1 and 4, across.md section 5) holds also while one is killed.
 */
@Tag("long")
class SocketsClusterIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int SOME = 40;
  private static final String SECRET = "a secret that all nodes know";

  @TempDir Path directory;

  private ThreeNodes nodes;

  @BeforeEach
  void start() throws Exception {
    nodes = ThreeNodes.start(directory, Map.of("SESSION_SECRET", SECRET));
  }

  @AfterEach
  void stop() {
    Browser.disconnect();
    if (nodes != null) {
      nodes.close();
    }
  }

  private String origin(int node) {
    return nodes.get(node).baseUrl().toString();
  }

  /** A visitor's session, opened on the first node. */
  private JsonNode visit() throws Exception {
    Chat chat = new Chat(origin(0));
    Chat.Reply settings =
        chat.send("GET", "/api/admin/organizations/demo/webchat", ParleyProcess.SECRET_KEY, null);
    String key = settings.json().get("apiKey").textValue();
    Chat.Reply opened = chat.open(key, "demo");
    assertThat(opened.status()).as(opened.body()).isEqualTo(201);
    return opened.json();
  }

  @Test
  void a_reader_whose_node_is_killed_goes_on_at_another_without_a_lost_or_repeated_record()
      throws Exception {
    JsonNode visit = visit();
    String session = visit.get("sessionId").textValue();
    // Its own node is not among those that are written to, so that only the reader feels its end.
    List<TestClient> others = List.of(nodes.client(1), nodes.client(2));
    RepeatingWriter writer = new RepeatingWriter(others, session, "out", "agent");
    WsReader reader =
        new WsReader(
            List.of(origin(0), origin(1), origin(2)), session, visit.get("wsToken").textValue());
    writer.start();
    reader.start();
    awaitRecords(reader, SOME);
    assertThat(reader.node()).isZero();

    nodes.get(0).kill9();
    long killed = System.nanoTime();
    int before = reader.seen().size();
    awaitRecords(reader, before + SOME);
    System.out.printf(
        "SocketsClusterIT: the reader had %d more records %d ms after kill -9%n",
        SOME, Duration.ofNanos(System.nanoTime() - killed).toMillis());
    assertThat(reader.node()).isNotZero();

    writer.finish(LIMIT);
    List<TestClient.Item> acknowledged = writer.acknowledged();
    awaitRecords(reader, acknowledged.size());
    reader.finish();
    reader.join(LIMIT.toMillis());
    assertThat(reader.seen())
        .extracting(WsReader.Seen::seq)
        .containsExactlyElementsOf(LongStream.range(0, acknowledged.size()).boxed().toList());
    assertThat(reader.seen())
        .extracting(WsReader.Seen::data)
        .containsExactlyElementsOf(acknowledged.stream().map(TestClient.Item::data).toList());
  }

  private static void awaitRecords(WsReader reader, int count) {
    assertThat(Eventually.within(LIMIT, () -> reader.seen().size() >= count))
        .as("%d of %d records have come, node %d", reader.seen().size(), count, reader.node())
        .isTrue();
  }

  @Test
  void a_logout_ends_the_sockets_of_its_login_on_every_node_also_after_a_kill() throws Exception {
    Browser browser = new Browser(origin(0));
    String email = browser.signUp();
    Browser elsewhere = new Browser(origin(1));
    assertThat(elsewhere.logIn(email, Browser.PASSWORD).status()).isEqualTo(200);
    List<WsClient> sockets = new ArrayList<>();
    for (int i = 0; i < ThreeNodes.COUNT; i++) {
      // Minted on one node, opened on the next.
      String token = token(browser.at(origin(i)));
      sockets.add(WsClient.open(origin((i + 1) % ThreeNodes.COUNT), token));
    }
    WsClient stays = WsClient.open(origin(2), token(elsewhere));
    String token = token(browser);
    assertThat(browser.at(origin(1)).post("/api/auth/logout", "").status()).isEqualTo(200);
    for (WsClient socket : sockets) {
      assertThat(socket.awaitEnd().code()).isEqualTo(4401);
    }
    assertThat(stays.ask("{\"ref\":1}").get("code").textValue()).isEqualTo("unknown_type");

    nodes.get(1).kill9();
    for (int node : new int[] {0, 2}) {
      Browser there = browser.at(origin(node));
      assertThat(Eventually.within(LIMIT, () -> there.get("/api/init/whoami").status() == 401))
          .isTrue();
      assertThat(WsClient.open(origin(node), token).awaitEnd().code()).isEqualTo(4401);
    }
    assertThat(stays.ask("{\"ref\":2}").get("code").textValue()).isEqualTo("unknown_type");
  }

  private static String token(Browser browser) {
    Answer minted = browser.post("/api/ws/token", "");
    assertThat(minted.status()).as(minted.body()).isEqualTo(201);
    return minted.json().get("token").textValue();
  }
}
