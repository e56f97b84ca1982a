package dev.parley;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The page {@code /docs} in Chromium. */
class DocsIT {
  private static final Duration LIMIT = Duration.ofSeconds(120);

  @Test
  void it_shows_every_operation_and_asks_nobody_else() throws Exception {
    Chromium.require();
    try (Chromium browser = Chromium.start("docs", TestServer.origin())) {
      browser.play("document", LIMIT);
    }
  }
}
