package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

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
}
