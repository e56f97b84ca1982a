package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The unchanged {@code @elizaos/api-client} talks to an agent (eliza.md sections 5, 6 and 11). */
class MessagingClientIT {
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final String API_KEY = "the key of this server";

  @TempDir private Path directory;

  @Test
  void the_published_client_gets_all_that_its_types_promise() throws Exception {
    ClientProgram.requireInstalled();
    Map<String, String> environment =
        Map.of(
            "PARLEY_SECRET_KEY",
            ParleyProcess.SECRET_KEY,
            "PARLEY_TEST_CLOCK",
            "on",
            "ELIZA_SERVER_AUTH_TOKEN",
            API_KEY);
    try (ParleyProcess server = ParleyProcess.start(directory, environment);
        ClientProgram program =
            ClientProgram.start(
                Map.of(
                    "MESSAGING_URL",
                    server.baseUrl().toString(),
                    "MESSAGING_KEY",
                    API_KEY,
                    "SECRET_KEY",
                    ParleyProcess.SECRET_KEY),
                "messaging")) {
      program.awaitSuccess(LIMIT);
      for (String step :
          new String[] {"guarded", "lived", "sent", "repeated", "paged", "refused", "expired"}) {
        assertThat(program.steps(step)).as(step).hasSize(1);
      }
    }
  }
}
