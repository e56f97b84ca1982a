package dev.parley.http.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.Eventually;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSocket from the start, and as the upgrade of polling, as it goes over the wire. */
@Timeout(60)
class WebSocketTest {
  private static final int MAX_PAYLOAD = 200_000;

  private static SocketIoTestServer server;

  @BeforeAll
  static void start() {
    server = SocketIoTestServer.start(Map.of("max-payload", MAX_PAYLOAD, "upgrade-timeout", "2s"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String origin() {
    return server.origin();
  }

  @Test
  void a_connection_may_begin_with_it() throws Exception {
    RawWebSocket client = RawWebSocket.open(origin(), "?EIO=4&transport=websocket");
    assertThat(client.next()).startsWith("0{\"sid\":").contains("\"upgrades\":[]");
    client.send("40");
    assertThat(client.next()).startsWith("40{\"sid\":");
    assertThat(client.next()).startsWith("42[\"welcome\"");
    client.send("42456[\"echo\",\"é👋\"]");
    assertThat(client.next()).isEqualTo("43456[\"é👋\"]");
    client.send("42[\"echo\",\"a\\u001eb\"]");
    assertThat(client.next()).isEqualTo("42[\"echo\",\"a\\u001Eb\"]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?EIO=3&transport=websocket",
        "?transport=websocket",
        "?EIO=4&transport=abc",
        "?EIO=4&transport=polling",
        "?EIO=4",
        "?EIO=4&transport=websocket&sid=unknown"
      })
  void a_handshake_that_can_be_none_is_refused(String query) {
    assertThatThrownBy(() -> RawWebSocket.open(origin(), query))
        .isInstanceOf(ExecutionException.class)
        .hasStackTraceContaining("400");
  }

  @Test
  void binary_messages_are_the_parts_of_an_event() throws Exception {
    RawWebSocket client = RawWebSocket.connect(origin());
    client.send("451-1[\"echo\",{\"_placeholder\":true,\"num\":0}]");
    client.socket().sendBinary(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), true);
    assertThat(client.next()).isEqualTo("431[\"AQIDBA==\"]");
  }

  @Test
  void a_message_may_come_in_pieces() throws Exception {
    RawWebSocket client = RawWebSocket.connect(origin());
    String text = "👋".repeat(20_000);
    client.socket().sendText("421[\"echo\",\"" + text, false).get(20, TimeUnit.SECONDS);
    client.socket().sendText(text, false).get(20, TimeUnit.SECONDS);
    client.socket().sendText("\"]", true).get(20, TimeUnit.SECONDS);
    assertThat(client.next()).isEqualTo("431[\"" + text + text + "\"]");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_message_over_the_bound_ends_the_connection(boolean inOnePiece) throws Exception {
    RawWebSocket client = RawWebSocket.connect(origin());
    String text = "421[\"echo\",\"" + "x".repeat(MAX_PAYLOAD);
    if (inOnePiece) {
      client.send(text + "\"]");
    } else {
      client.socket().sendText(text, false);
      client.socket().sendText("\"]", true);
    }
    assertThat(client.awaitClose()).isEqualTo(1000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "4abc", "42[]", "40", "2", "1"})
  void what_is_no_packet_or_out_of_place_ends_the_connection(String message) throws Exception {
    RawWebSocket client = RawWebSocket.connect(origin());
    client.send(message);
    assertThat(client.awaitClose()).isEqualTo(1000);
  }

  @Test
  void a_client_that_closes_ends_its_socket_after_what_it_said() throws Exception {
    RawWebSocket client = RawWebSocket.open(origin(), "?EIO=4&transport=websocket");
    client.next();
    client.send("40");
    String id = PollingClient.JSON.readTree(client.next().substring(2)).get("sid").asText();
    int before = server.events();
    for (int i = 0; i < 200; i++) {
      client.send("42[\"echo\"]");
    }
    client.socket().sendClose(1000, "");
    assertThat(Eventually.within(Duration.ofSeconds(10), () -> server.ended().containsKey(id)))
        .isTrue();
    assertThat(server.ended().get(id)).isEqualTo(DisconnectReason.TRANSPORT_CLOSE);
    assertThat(server.events() - before).isEqualTo(200);
  }

  @Test
  void a_socket_that_the_server_ends_gets_everything_before_that() throws Exception {
    RawWebSocket client = RawWebSocket.connect(origin());
    client.send("42[\"burst\",{\"count\":500,\"size\":1000}]");
    client.send("42[\"drop\"]");
    for (int i = 0; i < 500; i++) {
      assertThat(client.next()).startsWith("42[\"burst\",{\"n\":" + i + "}");
    }
    assertThat(client.next()).isEqualTo("41");
    assertThat(client.awaitClose()).isEqualTo(1000);
  }

  @Test
  void a_polling_connection_goes_over_to_it() throws Exception {
    PollingClient polling = PollingClient.connect(origin());
    RawWebSocket socket = probe(polling);
    // The poll ends although nothing has happened, so that the client can stop polling.
    assertThat(polling.poll().body()).isEqualTo("6");
    polling.post("42[\"echo\",\"still polling\"]");
    assertThat(polling.pollFor(1)).contains("42[\"echo\",\"still polling\"]");
    socket.send("5");
    socket.send("421[\"echo\"]");
    assertThat(socket.next()).isEqualTo("431[]");

    assertThat(polling.poll().statusCode()).isEqualTo(400);
    assertThat(polling.post("421[\"echo\"]").statusCode()).isEqualTo(400);
    RawWebSocket third = RawWebSocket.open(origin(), webSocketQuery(polling));
    assertThat(third.awaitClose()).isEqualTo(1000);
    socket.send("422[\"echo\"]");
    assertThat(socket.next()).isEqualTo("432[]");
  }

  @Test
  void a_poll_that_waits_ends_when_the_probe_comes() throws Exception {
    PollingClient polling = PollingClient.connect(origin());
    var waiting = polling.pollAsync();
    probe(polling);
    assertThat(waiting.get(20, TimeUnit.SECONDS).body()).isEqualTo("6");
  }

  @Test
  void nothing_is_lost_or_twice_while_the_transport_changes() throws Exception {
    PollingClient polling = PollingClient.connect(origin());
    RawWebSocket socket = probe(polling);
    polling.post("42[\"burst\",{\"count\":300,\"size\":100}]");
    assertBurst(polling.pollFor(300));
    // Not fetched by polling, so it comes over the new transport.
    polling.post("42[\"burst\",{\"count\":300,\"size\":100}]");
    socket.send("5");
    socket.send("421[\"echo\"]");
    List<String> packets = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      packets.add(socket.next());
    }
    assertBurst(packets);
    assertThat(socket.next()).isEqualTo("431[]");
  }

  /** Three hundred numbered events, whatever the transport put between them. */
  private static void assertBurst(List<String> packets) {
    List<String> events = packets.stream().filter(packet -> !packet.equals("6")).toList();
    assertThat(events).hasSize(300);
    for (int i = 0; i < events.size(); i++) {
      assertThat(events.get(i)).startsWith("42[\"burst\",{\"n\":" + i + "}");
    }
  }

  @Test
  void a_probe_that_never_ends_or_is_none_leaves_the_connection_as_it_was() throws Exception {
    PollingClient polling = PollingClient.connect(origin());
    RawWebSocket wrong = RawWebSocket.open(origin(), webSocketQuery(polling));
    wrong.send("42[\"echo\"]");
    assertThat(wrong.awaitClose()).isEqualTo(1000);
    RawWebSocket endless = probe(polling);
    RawWebSocket second = RawWebSocket.open(origin(), webSocketQuery(polling));
    assertThat(second.awaitClose()).isEqualTo(1000);
    assertThat(endless.awaitClose()).isEqualTo(1000);
    polling.post("421[\"echo\"]");
    assertThat(polling.pollFor(1)).contains("431[]");
  }

  private static String webSocketQuery(PollingClient polling) {
    return "?EIO=4&transport=websocket&sid=" + polling.sid();
  }

  private static RawWebSocket probe(PollingClient polling) throws Exception {
    RawWebSocket socket = RawWebSocket.open(origin(), webSocketQuery(polling));
    socket.send("2probe");
    assertThat(socket.next()).isEqualTo("3probe");
    return socket;
  }
}
