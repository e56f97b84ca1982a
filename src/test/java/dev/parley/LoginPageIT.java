package dev.parley;

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

  @TempDir static Path directory;
  private static OwnServer server;
  private static Chromium browser;

  @BeforeAll
  static void start() throws Exception {
    Chromium.require();
    server = OwnServer.start(directory, Map.of());
    browser = Chromium.start("login", server.origin());
  }

  @AfterAll
  static void stop() throws Exception {
    Closing.all(browser, server);
  }

  @ParameterizedTest
  @ValueSource(strings = {"account", "onward", "throttled", "keyboard", "looks"})
  void somebody_can(String scenario) {
    browser.play(scenario, LIMIT);
  }
}
