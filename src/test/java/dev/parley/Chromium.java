package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A browser, and a program of {@code src/test/clients} that goes through scenarios in it. */
final class Chromium implements AutoCloseable {
  private static final Path SCREENSHOTS = Path.of("target", "screenshots").toAbsolutePath();

  private final ClientProgram program;

  private Chromium(ClientProgram program) {
    this.program = program;
  }

  /** Skips the tests where there is no browser; CI must have it. */
  static void require() {
    ClientProgram.requireInstalled();
    String chromium = executable();
    boolean installed = Files.isExecutable(Path.of(chromium));
    assertThat(installed || !"true".equals(System.getenv("CI")))
        .as("Chromium is at %s, as CI=true demands", chromium)
        .isTrue();
    assumeTrue(installed, "There is no Chromium at " + chromium + "; CHROMIUM may name another");
  }

  private static String executable() {
    return System.getenv().getOrDefault("CHROMIUM", "/usr/bin/chromium");
  }

  /**
   * Starts it. What pages looked like is kept in {@code target/screenshots}.
   *
   * @param origin of the server, which has the key of {@link OwnServer}
   */
  static Chromium start(String program, String origin) throws IOException {
    Files.createDirectories(SCREENSHOTS);
    return new Chromium(
        ClientProgram.start(
            Map.of(
                "ORIGIN",
                origin,
                "KEY",
                OwnServer.KEY,
                "SCREENSHOTS",
                SCREENSHOTS.toString(),
                "CHROMIUM",
                executable()),
            program));
  }

  /** Goes through a scenario, which must succeed. */
  void play(String scenario, Duration limit) {
    program.tell(scenario);
    JsonNode end = program.await(step -> scenario.equals(step.path("scenario").textValue()), limit);
    assertThat(end.path("step").textValue()).as(end.path("error").asText()).isEqualTo("done");
  }

  @Override
  public void close() throws InterruptedException {
    try (program) {
      program.endInput();
      program.awaitSuccess(Duration.ofSeconds(20));
    }
  }
}
