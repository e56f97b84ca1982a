package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.http.socketio.DisconnectReason;
import dev.parley.http.socketio.SocketIoTestServer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The unchanged {@code socket.io-client} against the Socket.IO of the server, without the rest. */
class SocketIoClientIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static SocketIoTestServer server;

  @BeforeAll
  static void start() {
    ClientProgram.requireInstalled();
    server = SocketIoTestServer.start(Map.of("max-unsent", "1MiB"));
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"polling, polling", "websocket, websocket", "default, websocket"})
  void events_go_both_ways_over_every_way_to_connect(String way, String transport)
      throws Exception {
    try (ClientProgram program = start("socketio-talk", way)) {
      JsonNode done = awaitDone(program);
      assertThat(program.steps("connected"))
          .singleElement()
          .extracting(step -> step.get("transport").asText())
          .isEqualTo(transport);
      assertThat(Eventually.within(LIMIT, () -> server.ended().containsKey(id(done)))).isTrue();
      assertThat(server.ended().get(id(done))).isEqualTo(DisconnectReason.CLIENT_DISCONNECT);
      program.endInput();
      program.awaitSuccess(LIMIT);
    }
  }

  @Test
  void a_room_reaches_who_is_in_it_over_every_way_to_connect() throws Exception {
    try (ClientProgram program = start("socketio-rooms")) {
      program.awaitSuccess(LIMIT);
      assertThat(program.steps("done")).hasSize(1);
    }
  }

  @Test
  void who_may_not_connect_is_told_why() throws Exception {
    try (ClientProgram program = start("socketio-refused")) {
      program.awaitSuccess(LIMIT);
      assertThat(program.steps("refused")).hasSize(3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"polling", "websocket", "default"})
  void a_client_comes_back_by_itself_when_its_connection_ends(String way) throws Exception {
    SocketIoTestServer first = SocketIoTestServer.start(Map.of());
    int port = first.port();
    try (ClientProgram program =
        ClientProgram.start(Map.of("SOCKET_IO_URL", first.origin()), "socketio-reconnect", way)) {
      assertThat(Eventually.within(LIMIT, () -> program.steps("ready").count() == 1)).isTrue();
      first.close();
      assertThat(first.ended()).containsValue(DisconnectReason.SERVER_SHUTTING_DOWN);
      try (SocketIoTestServer second = SocketIoTestServer.start(port, Map.of())) {
        program.awaitSuccess(LIMIT);
        assertThat(program.steps("done")).hasSize(1);
        assertThat(second.events()).isPositive();
      }
    }
  }

  @Test
  void two_hundred_clients_at_once_are_served() throws Exception {
    try (ClientProgram program = start("socketio-crowd", "200")) {
      assertThat(awaitDone(program).get("count").asInt()).isEqualTo(200);
      assertThat(Eventually.within(LIMIT, () -> server.sockets().rooms().size("crowd") == 0))
          .isTrue();
      program.endInput();
      program.awaitSuccess(LIMIT);
    }
  }

  @Test
  void a_client_that_never_reads_is_dropped_and_nobody_else_notices() throws Exception {
    try (ClientProgram program = start("socketio-deaf")) {
      program.awaitSuccess(LIMIT);
      String id = program.steps("said").findFirst().map(SocketIoClientIT::id).orElseThrow();
      assertThat(server.ended().get(id)).isEqualTo(DisconnectReason.UNREAD);
    }
  }

  private static ClientProgram start(String name, String... arguments) {
    return ClientProgram.start(Map.of("SOCKET_IO_URL", server.origin()), name, arguments);
  }

  /** The last step of a program that then waits for the end of its input. */
  private static JsonNode awaitDone(ClientProgram program) throws InterruptedException {
    if (!Eventually.within(LIMIT, () -> program.steps("done").count() == 1)) {
      program.endInput();
      program.awaitSuccess(Duration.ofSeconds(1));
    }
    return program.steps("done").findFirst().orElseThrow();
  }

  private static String id(JsonNode step) {
    return step.get("id").asText();
  }
}
