package dev.parley;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The login page in Chromium. What it looked like is kept in {@code target/screenshots}. */
class LoginPageIT {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final Path SCREENSHOTS = Path.of("target", "screenshots").toAbsolutePath();

  @TempDir static Path directory;
  private static OwnServer server;

  @BeforeAll
  static void start() throws Exception {
    ClientProgram.requireInstalled();
    Chromium.required();
    Files.createDirectories(SCREENSHOTS);
    server = OwnServer.start(directory, Map.of());
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"account", "onward", "throttled", "keyboard", "looks"})
  void somebody_can(String scenario) throws Exception {
    Chromium.play("login", scenario, server, SCREENSHOTS, LIMIT);
  }
}
