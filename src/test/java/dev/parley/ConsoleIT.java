package dev.parley;

import dev.parley.journal.DatabaseAddress;
import dev.parley.journal.EmbeddedPostgres;
import dev.parley.journal.TestPostgres;
import java.nio.file.Files;
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
  private static final Path SCREENSHOTS = Path.of("target", "screenshots").toAbsolutePath();

  @TempDir static Path directory;
  private static EmbeddedPostgres postgres;
  private static OwnServer server;

  @BeforeAll
  static void start() throws Exception {
    ClientProgram.requireInstalled();
    Chromium.required();
    Files.createDirectories(SCREENSHOTS);
    postgres = TestPostgres.start();
    DatabaseAddress address = postgres.address();
    server =
        OwnServer.start(
            directory,
            Map.of(
                "parley.database-url",
                "postgresql://%s:%s@%s:%d/%s"
                    .formatted(
                        address.user(),
                        address.password(),
                        address.host(),
                        address.port(),
                        address.database())));
    DayOfSessions.fill(address, STORED);
  }

  @AfterAll
  static void stop() throws Exception {
    try (EmbeddedPostgres started = postgres;
        OwnServer running = server) {
      // Both may be absent where nothing was to be tested.
    }
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
  void an_operator_can(String scenario) throws Exception {
    Chromium.play("console", scenario, server, SCREENSHOTS, LIMIT);
  }
}
