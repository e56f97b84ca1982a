package dev.parley.http.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.Eventually;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Long-polling as it goes over the wire (Engine.IO protocol 4). */
@Timeout(60)
class PollingTest {
  private static final int MAX_PAYLOAD = 10_000;

  private static SocketIoTestServer server;

  @BeforeAll
  static void start() {
    server = SocketIoTestServer.start(Map.of("max-payload", MAX_PAYLOAD));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String origin() {
    return server.origin();
  }

  @Test
  void a_handshake_tells_the_bounds_of_the_connection() throws Exception {
    HttpResponse<String> answer = PollingClient.get(origin(), "?EIO=4&transport=polling&t=abc");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).hasValue("text/plain; charset=UTF-8");
    assertThat(answer.headers().firstValue("cache-control")).hasValue("no-store");
    JsonNode open = PollingClient.JSON.readTree(answer.body().substring(1));
    assertThat(answer.body()).startsWith("0");
    assertThat(open.size()).isEqualTo(5);
    assertThat(open.get("sid").asText()).matches("[A-Za-z0-9_-]{22}");
    assertThat(open.get("upgrades")).hasToString("[\"websocket\"]");
    assertThat(open.get("pingInterval").asInt()).isEqualTo(25_000);
    assertThat(open.get("pingTimeout").asInt()).isEqualTo(20_000);
    assertThat(open.get("maxPayload").asInt()).isEqualTo(MAX_PAYLOAD);
  }

  @Test
  void no_two_connections_have_the_same_id() throws Exception {
    Set<String> sids = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      sids.add(PollingClient.open(origin()).sid());
    }
    assertThat(sids).hasSize(50);
  }

  @Test
  void the_path_needs_no_slash_at_its_end() throws Exception {
    HttpResponse<String> answer =
        PollingClient.HTTP.send(
            HttpRequest.newBuilder(
                    java.net.URI.create(origin() + "/socket.io?EIO=4&transport=polling"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, ?EIO=4, 0, Transport unknown",
    "GET, ?EIO=4&transport=abc, 0, Transport unknown",
    "GET, ?EIO=4&transport=polling&sid=abc, 1, Session ID unknown",
    "POST, ?EIO=4&transport=polling&sid=abc, 1, Session ID unknown",
    "POST, ?EIO=4&transport=polling, 2, Bad handshake method",
    "PUT, ?EIO=4&transport=polling, 2, Bad handshake method",
    "DELETE, ?EIO=4&transport=polling, 2, Bad handshake method",
    "GET, ?EIO=4&transport=websocket, 3, Bad request",
    "GET, ?transport=polling, 5, Unsupported protocol version",
    "GET, ?EIO=3&transport=polling, 5, Unsupported protocol version",
    "GET, ?EIO=abc&transport=polling, 5, Unsupported protocol version"
  })
  void a_request_that_can_be_none_is_refused(String method, String query, int code, String message)
      throws Exception {
    HttpResponse<String> answer =
        PollingClient.HTTP.send(
            PollingClient.request(origin(), query)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(answer.headers().firstValue("access-control-allow-origin")).hasValue("*");
    assertThat(answer.body())
        .isEqualTo("{\"code\":%d,\"message\":\"%s\"}".formatted(code, message));
  }

  @Test
  void a_connected_socket_sends_and_gets_events_and_acknowledgements() throws Exception {
    PollingClient client = PollingClient.connect(origin());
    HttpResponse<String> posted = client.post("42[\"echo\",1,\"é👋\",{\"a\":[null]}]");
    assertThat(posted.statusCode()).isEqualTo(200);
    assertThat(posted.headers().firstValue("content-type").orElseThrow()).startsWith("text/html");
    assertThat(client.pollFor(1)).containsExactly("42[\"echo\",1,\"é👋\",{\"a\":[null]}]");

    client.post("42456[\"echo\",\"x\"]", "42[\"echo\"]", "420[\"echo\"]");
    assertThat(client.pollFor(3)).containsExactly("43456[\"x\"]", "42[\"echo\"]", "430[]");
  }

  @Test
  void a_separator_inside_of_a_text_stays_inside_of_it() throws Exception {
    PollingClient client = PollingClient.connect(origin());
    client.post("42[\"echo\",\"a\\u001eb\"]");
    assertThat(client.pollFor(1)).containsExactly("42[\"echo\",\"a\\u001Eb\"]");
  }

  @Test
  void a_waiting_poll_is_answered_when_something_comes() throws Exception {
    PollingClient client = PollingClient.connect(origin());
    CompletableFuture<HttpResponse<String>> poll = client.pollAsync();
    client.post("42[\"echo\",1]");
    assertThat(poll.get(20, TimeUnit.SECONDS).body()).isEqualTo("42[\"echo\",1]");
  }

  @Test
  void bytes_in_base64_are_taken() throws Exception {
    PollingClient client = PollingClient.connect(origin());
    client.post("451-7[\"echo\",{\"_placeholder\":true,\"num\":0}]", "bAQIDBA==");
    assertThat(client.pollFor(1)).containsExactly("437[\"AQIDBA==\"]");
  }

  @Test
  void the_handshake_is_handed_to_who_decides() throws Exception {
    String opened =
        PollingClient.get(origin(), "?EIO=4&transport=polling&room=a%20b").body().substring(1);
    String sid = PollingClient.JSON.readTree(opened).get("sid").asText();
    String query = "?EIO=4&transport=polling&sid=" + sid;
    PollingClient.HTTP.send(
        PollingClient.request(origin(), query)
            .POST(HttpRequest.BodyPublishers.ofString("40{\"entityId\":\"e\"}"))
            .build(),
        HttpResponse.BodyHandlers.ofString());
    StringBuilder got = new StringBuilder();
    while (!got.toString().contains("welcome")) {
      got.append(PollingClient.get(origin(), query).body());
    }
    assertThat(got.toString()).contains("\"query\":\"a b\",\"auth\":{\"entityId\":\"e\"}");
  }

  @Test
  void a_wrong_key_is_refused_and_another_may_be_tried() throws Exception {
    PollingClient client = PollingClient.open(origin());
    client.post("40{\"key\":\"wrong\"}");
    assertThat(client.pollFor(1))
        .containsExactly("44{\"message\":\"Invalid or missing API Key\",\"data\":{\"seen\":5}}");
    client.post("40{\"key\":\"right\"}");
    assertThat(client.pollFor(2)).first().asString().startsWith("40{\"sid\":\"");
  }

  @Test
  void a_failing_connect_hook_refuses_without_saying_why() throws Exception {
    PollingClient client = PollingClient.open(origin());
    client.post("40{\"key\":\"broken\"}");
    assertThat(client.pollFor(1)).containsExactly("44{\"message\":\"Internal Server Error\"}");
  }

  @Test
  void another_namespace_is_refused() throws Exception {
    PollingClient client = PollingClient.open(origin());
    client.post("40/admin,{\"key\":\"right\"}");
    assertThat(client.pollFor(1)).containsExactly("44/admin,{\"message\":\"Invalid namespace\"}");
  }

  @Test
  void events_are_handled_in_their_order_also_when_one_takes_its_time() throws Exception {
    try (SocketIoTestServer slow = SocketIoTestServer.start(Map.of())) {
      PollingClient client = PollingClient.connect(slow.origin());
      client.post("421[\"wait\"]", "422[\"echo\"]");
      assertThat(slow.events()).isEqualTo(1);
      slow.openGate();
      assertThat(client.pollFor(2)).containsExactly("431[]", "432[]");
    }
  }

  @Test
  void a_failing_event_hook_leaves_the_socket_as_it_is() throws Exception {
    PollingClient client = PollingClient.connect(origin());
    client.post("42[\"fail\"]", "421[\"echo\"]");
    assertThat(client.pollFor(1)).containsExactly("431[]");
  }

  @Test
  void an_event_before_the_socket_is_there_ends_the_connection() throws Exception {
    PollingClient client = PollingClient.open(origin());
    client.post("42[\"echo\"]");
    assertGone(client);
  }

  @ParameterizedTest
  @ValueSource(strings = {"4abc", "42{}", "42[]", "42[\"connect\"]", "40", "2", "bAQID"})
  void what_is_no_packet_or_out_of_place_ends_the_connection(String packet) throws Exception {
    PollingClient client = PollingClient.connect(origin());
    assertThat(client.post("421[\"echo\"]", packet).statusCode()).isEqualTo(200);
    assertGone(client);
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc", "", "4\u001e", "b="})
  void what_is_no_engine_packet_is_refused_and_ends_the_connection(String body) throws Exception {
    PollingClient client = PollingClient.open(origin());
    assertThat(client.post(body).statusCode()).isEqualTo(400);
    assertGone(client);
  }

  @Test
  void two_polls_at_once_end_the_connection() throws Exception {
    PollingClient client = PollingClient.connect(origin());
    CompletableFuture<HttpResponse<String>> one = client.pollAsync();
    CompletableFuture<HttpResponse<String>> other = client.pollAsync();
    List<HttpResponse<String>> answers =
        List.of(one.get(20, TimeUnit.SECONDS), other.get(20, TimeUnit.SECONDS));
    assertThat(answers).extracting(HttpResponse::statusCode).containsExactlyInAnyOrder(200, 400);
    assertThat(answers).extracting(HttpResponse::body).contains("1");
    assertGone(client);
  }

  @Test
  void a_payload_over_the_bound_is_413() throws Exception {
    PollingClient client = PollingClient.connect(origin());
    String fits = "421[\"echo\",\"" + "x".repeat(MAX_PAYLOAD - 14) + "\"]";
    assertThat(client.post(fits).statusCode()).isEqualTo(200);
    assertThat(client.post(fits + "x").statusCode()).isEqualTo(413);
    HttpResponse<String> undeclared =
        PollingClient.HTTP.send(
            PollingClient.request(origin(), client.query())
                .POST(
                    HttpRequest.BodyPublishers.fromPublisher(
                        HttpRequest.BodyPublishers.ofString(fits + "x")))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(undeclared.statusCode()).isEqualTo(413);
    assertThat(client.pollFor(1)).first().asString().startsWith("431[\"xxx");
  }

  @Test
  void a_body_that_claims_to_be_bytes_is_read_as_the_text_it_is() throws Exception {
    PollingClient client = PollingClient.connect(origin());
    PollingClient.HTTP.send(
        PollingClient.request(origin(), client.query())
            .header("Content-Type", "application/octet-stream")
            .POST(HttpRequest.BodyPublishers.ofString("421[\"echo\",\"é\"]"))
            .build(),
        HttpResponse.BodyHandlers.ofString());
    assertThat(client.pollFor(1)).containsExactly("431[\"é\"]");
  }

  @Test
  void a_client_that_leaves_ends_its_socket() throws Exception {
    PollingClient client = PollingClient.open(origin());
    client.post("40");
    String id = socketId(client.pollFor(2).get(0));
    client.post("41", "1");
    assertThat(Eventually.within(Duration.ofSeconds(10), () -> server.ended().containsKey(id)))
        .isTrue();
    assertThat(server.ended().get(id)).isEqualTo(DisconnectReason.CLIENT_DISCONNECT);
    assertGone(client);
  }

  @Test
  void a_poll_that_waits_ends_when_its_client_leaves() throws Exception {
    String answer = "";
    for (int tries = 0; !answer.equals("6") && tries < 50; tries++) {
      PollingClient client = PollingClient.connect(origin());
      CompletableFuture<HttpResponse<String>> poll = client.pollAsync();
      assertThat(client.post("1").body()).isEqualTo("ok");
      // Now and then the poll comes after the end, and is told that there is no connection.
      answer = poll.get(20, TimeUnit.SECONDS).body();
    }
    assertThat(answer).isEqualTo("6");
  }

  @Test
  void a_socket_that_the_server_ends_gets_everything_before_that() throws Exception {
    PollingClient client = PollingClient.connect(origin());
    client.post("42[\"echo\",1]", "42[\"drop\"]", "42[\"echo\",2]");
    assertThat(client.pollFor(3)).containsExactly("42[\"echo\",1]", "41", "1");
    assertGone(client);
  }

  @Test
  void rooms_reach_who_is_in_them() throws Exception {
    PollingClient in = PollingClient.connect(origin());
    PollingClient out = PollingClient.connect(origin());
    in.post("421[\"join\",\"r\"]");
    out.post("421[\"join\",\"r\"]", "422[\"leave\",\"r\"]");
    assertThat(in.pollFor(1)).containsExactly("431[]");
    assertThat(out.pollFor(2)).containsExactly("431[]", "432[]");
    assertThat(server.sockets().rooms().size("r")).isEqualTo(1);
    out.post("423[\"say\",{\"room\":\"r\"}]", "424[\"echo\"]");
    assertThat(in.pollFor(1)).containsExactly("42[\"said\",{\"room\":\"r\"}]");
    assertThat(out.pollFor(2)).containsExactly("433[]", "434[]");
    in.post("1");
    assertThat(
            Eventually.within(
                Duration.ofSeconds(10), () -> server.sockets().rooms().size("r") == 0))
        .isTrue();
  }

  @Test
  void a_page_of_any_origin_may_use_it() throws Exception {
    HttpResponse<String> preflight =
        PollingClient.HTTP.send(
            PollingClient.request(origin(), "?EIO=4&transport=polling")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Origin", "https://example.com")
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "content-type,x-api-key,x-mine")
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(preflight.statusCode()).isEqualTo(204);
    assertThat(preflight.headers().firstValue("access-control-allow-origin")).hasValue("*");
    assertThat(preflight.headers().firstValue("access-control-allow-methods"))
        .hasValue("GET, POST");
    assertThat(preflight.headers().firstValue("access-control-allow-headers"))
        .hasValue("content-type, x-api-key, x-mine");
    // No cookie means anything here, so browsers are not asked to send any.
    assertThat(preflight.headers().firstValue("access-control-allow-credentials")).isEmpty();
  }

  private static String socketId(String connected) throws Exception {
    return PollingClient.JSON.readTree(connected.substring(2)).get("sid").asText();
  }

  /** Polls what is left and then finds the connection unknown. */
  private static void assertGone(PollingClient client) throws Exception {
    HttpResponse<String> answer = client.poll();
    while (answer.statusCode() == 200) {
      answer = client.poll();
    }
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("\"code\":1");
  }
}
