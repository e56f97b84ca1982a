package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The page {@code /docs} in Chromium; what it looked like is kept in {@code target/screenshots}.
 */
class DocsIT {
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final Path SCREENSHOTS = Path.of("target", "screenshots").toAbsolutePath();

  @Test
  void it_shows_every_operation_and_asks_nobody_else() throws Exception {
    ClientProgram.requireInstalled();
    String chromium = Chromium.required();
    Files.createDirectories(SCREENSHOTS);
    Map<String, String> environment =
        Map.of(
            "ORIGIN",
            TestServer.origin(),
            "SCREENSHOTS",
            SCREENSHOTS.toString(),
            "CHROMIUM",
            chromium);
    try (ClientProgram program = ClientProgram.start(environment, "docs")) {
      program.awaitSuccess(LIMIT);
      assertThat(program.steps("done")).hasSize(1);
    }
  }
}
