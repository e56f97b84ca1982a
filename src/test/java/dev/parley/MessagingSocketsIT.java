package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.http.messaging.Messaging;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The unchanged {@code socket.io-client} in messaging sessions (eliza.md part 9, and part 12, items
 * 3, 4, 5, 18 and 20).
 */
class MessagingSocketsIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String KEY = "messaging-key";

  @TempDir static Path directory;
  private static OwnServer server;

  @BeforeAll
  static void start() throws Exception {
    ClientProgram.requireInstalled();
    server =
        OwnServer.start(
            directory, Map.of("parley.test-clock", "on", "parley.messaging.api-key", KEY));
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"polling", "websocket", "default"})
  void items_03_04_05_18_and_20_hold_for_the_published_client(String way) throws Exception {
    try (ClientProgram program =
        ClientProgram.start(
            Map.of(
                "SOCKET_IO_URL",
                server.origin(),
                "MESSAGING_KEY",
                KEY,
                "CLOCK_KEY",
                OwnServer.KEY,
                "AGENT",
                Messaging.AGENT),
            "messaging-sockets",
            way)) {
      program.awaitSuccess(LIMIT);
      assertThat(program.steps("done")).hasSize(1);
    }
  }
}
