package dev.parley;

import dev.parley.journal.DatabaseAddress;
import dev.parley.journal.EmbeddedPostgres;
import dev.parley.journal.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The console in Chromium, with 100 000 sessions of the last day. What it looked like is kept in
 * {@code target/screenshots}.
 */
class ConsoleIT {
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final int STORED = 100_000;

  @TempDir static Path directory;
  private static EmbeddedPostgres postgres;
  private static OwnServer server;
  private static Chromium browser;

  @BeforeAll
  static void start() throws Exception {
    Chromium.require();
    postgres = TestPostgres.start();
    DatabaseAddress address = postgres.address();
    server = OwnServer.start(directory, Map.of("parley.database-url", TestPostgres.url(address)));
    DayOfSessions.fill(address, STORED);
    browser = Chromium.start("console", server.origin());
  }

  @AfterAll
  static void stop() throws Exception {
    Closing.all(browser, server, postgres);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "login",
        "overview",
        "list",
        "live",
        "replay",
        "operate",
        "agents",
        "away",
        "looks"
      })
  void an_operator_can(String scenario) {
    browser.play(scenario, LIMIT);
  }
}
