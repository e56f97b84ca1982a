package dev.parley.http.ws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.Eventually;
import dev.parley.OwnServer;
import dev.parley.http.webchat.Chat;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that mean harm, or do not care, and the end of the node. */
class HostileSocketTest {
  private static final int MIB = 1_048_576;

  @TempDir static Path data;
  private static OwnServer server;
  private static Chat chat;

  @BeforeAll
  static void start() throws Exception {
    server =
        OwnServer.start(
            data,
            Map.of(
                "parley.http.ws.max-unsent",
                65_536,
                "parley.http.ws.unread-limit",
                "1s",
                "parley.http.ws.max-sockets",
                20));
    chat = new Chat(server.origin());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static WsClient visitor() throws Exception {
    return WsClient.open(server.origin(), chat.demo().get("wsToken").textValue());
  }

  /** A message in many frames, as long as the server wants it. */
  private static void flood(WebSocket socket, int pieces) {
    String piece = "x".repeat(MIB);
    try {
      for (int i = 0; i < pieces; i++) {
        socket.sendText(piece, i == pieces - 1).get(20, TimeUnit.SECONDS);
      }
    } catch (Exception e) {
      assertThat(socket.isOutputClosed() || e.getCause() != null).isTrue();
    }
  }

  @Test
  void a_message_of_a_hundred_megabytes_is_1009() throws Exception {
    WsClient socket = visitor();
    flood(socket.socket(), 100);
    assertThat(socket.awaitEnd().code()).isIn(1009, -1);
    WsClient just = visitor();
    just.send("{\"pad\":\"" + "x".repeat(MIB) + "\"}");
    assertThat(just.awaitEnd().code()).isEqualTo(1009);
    WsClient fits = visitor();
    String frame = "{\"ref\":1,\"pad\":\"\"}";
    fits.send(frame.replace("\"\"", "\"" + "x".repeat(MIB - frame.length()) + "\""));
    assertThat(fits.next("error").get("code").textValue()).isEqualTo("unknown_type");
  }

  @Test
  void what_is_no_frame_closes_the_socket() throws Exception {
    for (String text : new String[] {"", "no json", "[]", "7", "{\"a\":1} {\"b\":2}"}) {
      WsClient socket = visitor();
      socket.send(text);
      assertThat(socket.awaitEnd().code()).as(text).isEqualTo(1007);
    }
    WsClient binary = visitor();
    binary.socket().sendBinary(ByteBuffer.wrap(new byte[] {1, 2}), true);
    assertThat(binary.awaitEnd().code()).isEqualTo(1003);
    WsClient brokenUtf8 = visitor();
    try (RawSocket raw = RawSocket.open(server.origin(), chat.demo().get("wsToken").textValue())) {
      raw.sendText(new byte[] {'{', (byte) 0xc3, (byte) 0x28, '}'});
      assertThat(raw.awaitCloseCode()).isEqualTo(1007);
    }
    assertThat(brokenUtf8.ask("{\"ref\":1}").get("type").textValue()).isEqualTo("error");
  }

  @Test
  void who_never_reads_is_closed_with_the_numbers_that_were_delivered() throws Exception {
    JsonNode opened = chat.demo();
    String id = opened.get("sessionId").textValue();
    WsClient socket = WsClient.openUnread(server.origin(), opened.get("wsToken").textValue());
    socket.send(
        "{\"type\":\"subscribe\",\"ref\":1,\"session\":\"%s\",\"channel\":\"out\",\"from\":0}"
            .formatted(id));
    String record = "y".repeat(500_000);
    for (int i = 0; i < 60; i++) {
      assertThat(
              chat.send(
                      "POST", "/realtime/v1/sessions/" + id + "/out/append", OwnServer.KEY, record)
                  .status())
          .isEqualTo(200);
    }
    WsClient other = WsClient.open(server.origin(), opened.get("wsToken").textValue());
    other.ask(
        "{\"type\":\"subscribe\",\"ref\":1,\"session\":\"%s\",\"channel\":\"out\",\"from\":0}"
            .formatted(id));
    long read = 0;
    while (read < 60) {
      // Another reader is not held up by it.
      read += other.next("records").get("records").size();
    }
    assertThat(other.hasEnded()).isFalse();
    socket.readOn();
    WsClient.End end = socket.awaitEnd();
    assertThat(end.code()).as(end.reason()).isEqualTo(1013);
    long last = -1;
    JsonNode frame = socket.poll();
    while (frame != null) {
      for (JsonNode each : frame.path("records")) {
        last = each.get("seq").longValue();
      }
      frame = socket.poll();
    }
    assertThat(last).isLessThan(59);
    assertThat(end.reason()).isEqualTo(id + "/out=" + last);
  }

  @Test
  void a_thousand_reconnects_leave_nothing_behind() throws Exception {
    String token = chat.demo().get("wsToken").textValue();
    for (int i = 0; i < 1_000; i++) {
      WsClient socket = WsClient.open(server.origin(), token);
      if (i % 2 == 0) {
        socket.socket().abort();
      } else {
        socket.socket().sendClose(1000, "");
        assertThat(socket.awaitEnd().code()).isEqualTo(1000);
      }
    }
    // All the room there is, again.
    assertThat(Eventually.within(Duration.ofSeconds(30), () -> opens(token))).isTrue();
  }

  private static boolean opens(String token) {
    try {
      return WsClient.refusal(server.origin(), "?token=" + token) == 101;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_node_takes_only_so_many_sockets() throws Exception {
    String token = chat.demo().get("wsToken").textValue();
    List<WsClient> open = new ArrayList<>();
    int status = 101;
    while (status == 101 && open.size() <= 20) {
      try {
        open.add(WsClient.open(server.origin(), token));
      } catch (ExecutionException e) {
        status = WsClient.statusOf(e);
      }
    }
    assertThat(status).isEqualTo(503);
    open.forEach(socket -> socket.socket().abort());
    assertThat(Eventually.within(Duration.ofSeconds(30), () -> opens(token))).isTrue();
  }

  @Test
  void a_node_that_stops_sends_its_sockets_elsewhere(@TempDir Path directory) throws Exception {
    OwnServer other = OwnServer.start(directory, Map.of());
    WsClient socket =
        WsClient.open(other.origin(), new Chat(other.origin()).demo().get("wsToken").textValue());
    Thread stopping = new Thread(other::close);
    stopping.start();
    assertThat(socket.awaitEnd().code()).isEqualTo(1012);
    stopping.join(60_000);
    assertThat(stopping.isAlive()).isFalse();
  }
}
