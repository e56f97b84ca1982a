package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The browser of tests. */
final class Chromium {
  private Chromium() {}

  /** Where it is. Skips the tests where there is none; CI must have it. */
  static String required() {
    String chromium = System.getenv().getOrDefault("CHROMIUM", "/usr/bin/chromium");
    boolean installed = Files.isExecutable(Path.of(chromium));
    assertThat(installed || !"true".equals(System.getenv("CI")))
        .as("Chromium is at %s, as CI=true demands", chromium)
        .isTrue();
    assumeTrue(installed, "There is no Chromium at " + chromium + "; CHROMIUM may name another");
    return chromium;
  }

  /**
   * Lets the browser go through a scenario of a client program, which must succeed.
   *
   * @param screenshots where its pictures go
   */
  static void play(
      String program, String scenario, OwnServer server, Path screenshots, Duration limit)
      throws Exception {
    Map<String, String> environment =
        Map.of(
            "ORIGIN",
            server.origin(),
            "KEY",
            OwnServer.KEY,
            "SCREENSHOTS",
            screenshots.toString(),
            "CHROMIUM",
            required());
    try (ClientProgram played = ClientProgram.start(environment, program, scenario)) {
      played.awaitSuccess(limit);
      assertThat(played.steps("done")).hasSize(1);
    }
  }
}
