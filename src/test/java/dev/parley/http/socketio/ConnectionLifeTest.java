package dev.parley.http.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.Eventually;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How connections end that nobody ends: heartbeat, bounds and shutdown. */
@Timeout(60)
class ConnectionLifeTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @Test
  void a_ping_that_is_answered_keeps_a_connection() throws Exception {
    try (var server =
        SocketIoTestServer.start(Map.of("ping-interval", "50ms", "ping-timeout", "10s"))) {
      PollingClient polling = PollingClient.open(server.origin());
      RawWebSocket socket = RawWebSocket.open(server.origin(), "?EIO=4&transport=websocket");
      socket.next();
      for (int i = 0; i < 5; i++) {
        assertThat(polling.poll().body()).isEqualTo("2");
        assertThat(polling.post("3").statusCode()).isEqualTo(200);
        assertThat(socket.next()).isEqualTo("2");
        socket.send("3");
      }
      assertThat(server.sockets().connections()).isEqualTo(2);
    }
  }

  @Test
  void a_client_that_does_not_answer_pings_is_closed() throws Exception {
    try (var server =
        SocketIoTestServer.start(Map.of("ping-interval", "200ms", "ping-timeout", "200ms"))) {
      PollingClient polling = PollingClient.open(server.origin());
      RawWebSocket socket = RawWebSocket.open(server.origin(), "?EIO=4&transport=websocket");
      socket.next();
      assertThat(polling.poll().body()).isEqualTo("2");
      assertThat(socket.next()).isEqualTo("2");
      assertThat(polling.poll().body())
          .isIn("1", "{\"code\":1,\"message\":\"Session ID unknown\"}");
      socket.awaitClose();
      assertThat(Eventually.within(LIMIT, () -> server.sockets().connections() == 0)).isTrue();
    }
  }

  @Test
  void a_polling_connection_that_nobody_polls_is_closed_and_its_socket_told() throws Exception {
    try (var server =
        SocketIoTestServer.start(Map.of("ping-interval", "300ms", "ping-timeout", "300ms"))) {
      PollingClient.connect(server.origin());
      assertThat(
              Eventually.within(
                  LIMIT, () -> server.ended().containsValue(DisconnectReason.PING_TIMEOUT)))
          .isTrue();
      assertThat(server.sockets().connections()).isZero();
    }
  }

  @Test
  void a_connection_that_asks_for_no_socket_is_closed() throws Exception {
    try (var server = SocketIoTestServer.start(Map.of("connect-timeout", "300ms"))) {
      PollingClient open = PollingClient.open(server.origin());
      assertThat(open.poll().body()).isEqualTo("1");
      PollingClient refused = PollingClient.open(server.origin());
      refused.post("40{\"key\":\"wrong\"}");
      assertThat(refused.pollFor(2)).last().isEqualTo("1");
      PollingClient connected = PollingClient.connect(server.origin());
      connected.post("41");
      assertThat(connected.poll().body()).isEqualTo("1");
      assertThat(server.sockets().connections()).isZero();
    }
  }

  @Test
  void no_more_connections_than_may_be() throws Exception {
    try (var server = SocketIoTestServer.start(Map.of("max-connections", 2))) {
      PollingClient.open(server.origin());
      PollingClient second = PollingClient.open(server.origin());
      HttpResponse<String> third = PollingClient.get(server.origin(), "?EIO=4&transport=polling");
      assertThat(third.statusCode()).isEqualTo(503);
      assertThat(third.headers().firstValue("retry-after")).hasValue("1");
      second.post("1");
      assertThat(Eventually.within(LIMIT, () -> server.sockets().connections() == 1)).isTrue();
      PollingClient.open(server.origin());
    }
  }

  @Test
  void a_polling_client_that_fetches_nothing_is_closed_when_too_much_waits() throws Exception {
    try (var server = SocketIoTestServer.start(Map.of("max-unsent", "100KiB"))) {
      PollingClient client = PollingClient.connect(server.origin());
      client.post("42[\"burst\",{\"count\":200,\"size\":1000}]");
      assertThat(Eventually.within(LIMIT, () -> !server.ended().isEmpty())).isTrue();
      assertThat(server.ended()).containsValue(DisconnectReason.UNREAD);
      assertThat(client.poll().statusCode()).isEqualTo(400);
    }
  }

  @Test
  void a_web_socket_that_is_not_read_is_closed_when_too_much_waits() throws Exception {
    try (var server = SocketIoTestServer.start(Map.of("max-unsent", "100KiB"));
        Socket deaf = new Socket()) {
      deaf.setReceiveBufferSize(4_096);
      deaf.connect(new InetSocketAddress("127.0.0.1", server.port()));
      OutputStream out = deaf.getOutputStream();
      out.write(
          ("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\n"
                  + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                  + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      awaitUpgrade(deaf.getInputStream());
      out.write(frame("40"));
      out.write(frame("42[\"join\",\"all\"]"));
      var rooms = server.sockets().rooms();
      assertThat(Eventually.within(LIMIT, () -> rooms.size("all") == 1)).isTrue();
      var filler = new com.fasterxml.jackson.databind.node.TextNode("x".repeat(10_000));
      // What the kernel takes is not in our hands, so it is filled until the server gives up.
      for (int i = 0; i < 10_000 && rooms.size("all") == 1; i++) {
        rooms.emit("all", "noise", filler);
        Thread.yield();
      }
      assertThat(Eventually.within(LIMIT, () -> !server.ended().isEmpty())).isTrue();
      assertThat(server.ended()).containsValue(DisconnectReason.UNREAD);
      assertThat(server.sockets().connections()).isZero();
    }
  }

  @Test
  void a_client_that_is_faster_than_its_events_are_handled_is_held() throws Exception {
    try (var server = SocketIoTestServer.start(Map.of())) {
      PollingClient client = PollingClient.connect(server.origin());
      client.post("421[\"wait\"]");
      CompletableFuture<HttpResponse<String>> posted = client.postAsync(manyEvents());
      assertThat(Eventually.within(Duration.ofMillis(300), posted::isDone)).isFalse();
      assertThat(server.events()).isEqualTo(1);
      server.openGate();
      assertThat(posted.get(20, TimeUnit.SECONDS).body()).isEqualTo("ok");
      assertThat(Eventually.within(LIMIT, () -> server.events() == 101)).isTrue();
    }
  }

  @Test
  void two_posts_at_once_end_the_connection() throws Exception {
    try (var server = SocketIoTestServer.start(Map.of())) {
      PollingClient client = PollingClient.connect(server.origin());
      client.post("421[\"wait\"]");
      CompletableFuture<HttpResponse<String>> one = client.postAsync(manyEvents());
      CompletableFuture<HttpResponse<String>> other = client.postAsync(manyEvents());
      CompletableFuture.anyOf(one, other).get();
      server.openGate();
      // When the second comes while the body of the first is still on its way, neither is taken.
      List<Integer> statuses = List.of(one.get().statusCode(), other.get().statusCode());
      assertThat(statuses).contains(400).isSubsetOf(200, 400);
      assertThat(
              Eventually.within(
                  LIMIT, () -> server.ended().containsValue(DisconnectReason.TRANSPORT_ERROR)))
          .isTrue();
      int taken = statuses.contains(200) ? 101 : 1;
      assertThat(Eventually.within(LIMIT, () -> server.events() == taken)).isTrue();
    }
  }

  private static String manyEvents() {
    return String.join(PollingClient.SEPARATOR, Collections.nCopies(100, "42[\"echo\"]"));
  }

  @Test
  void a_shutdown_closes_all_sockets_and_takes_no_more() throws Exception {
    SocketIoTestServer server = SocketIoTestServer.start(Map.of());
    PollingClient polling = PollingClient.connect(server.origin());
    CompletableFuture<HttpResponse<String>> poll = polling.pollAsync();
    RawWebSocket socket = RawWebSocket.connect(server.origin());
    assertThat(server.sockets().connections()).isEqualTo(2);
    server.sockets().shutDown().toCompletableFuture().get(20, TimeUnit.SECONDS);
    // No 41 before it: clients connect again by themselves.
    assertThat(poll.get(20, TimeUnit.SECONDS).body()).isEqualTo("1");
    assertThat(socket.awaitClose()).isEqualTo(1000);
    assertThat(server.ended().values())
        .containsExactly(
            DisconnectReason.SERVER_SHUTTING_DOWN, DisconnectReason.SERVER_SHUTTING_DOWN);
    assertThat(PollingClient.get(server.origin(), "?EIO=4&transport=polling").statusCode())
        .isEqualTo(503);
    long begun = System.nanoTime();
    server.close();
    // Nothing is left for which the HTTP server would wait.
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
  }

  private static void awaitUpgrade(InputStream in) throws Exception {
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      int next = in.read();
      assertThat(next).as("an answer, after %s", head).isNotNegative();
      head.append((char) next);
    }
    Matcher status = Pattern.compile("HTTP/1.1 (\\d+)").matcher(head);
    assertThat(status.lookingAt() && status.group(1).equals("101")).as(head.toString()).isTrue();
  }

  /** A masked text frame; the mask is zero, so that the text is its own cipher. */
  private static byte[] frame(String text) {
    byte[] payload = text.getBytes(StandardCharsets.US_ASCII);
    byte[] frame = new byte[payload.length + 6];
    frame[0] = (byte) 0x81;
    frame[1] = (byte) (0x80 | payload.length);
    System.arraycopy(payload, 0, frame, 6, payload.length);
    return frame;
  }
}
