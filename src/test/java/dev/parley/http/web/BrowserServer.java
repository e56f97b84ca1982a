package dev.parley.http.web;

import static dev.parley.http.web.Browser.credentials;

import dev.parley.OwnServer;
import dev.parley.http.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * For tests of browsers: a server with a clock that they can put forward. Each browser is somebody
 * else to it, so that they do not share the limits of one address.
 */
abstract class BrowserServer {
  @TempDir static Path directory;
  static OwnServer server;

  @BeforeAll
  static void start() throws Exception {
    server =
        OwnServer.start(
            directory,
            Map.of("parley.test-clock", "on", "parley.http.trusted-proxies", List.of("127.0.0.1")));
  }

  @AfterAll
  static void stop() {
    Browser.disconnect();
    server.close();
  }

  static Browser browser() {
    return new Browser(server.origin());
  }

  static Answer signUp(Browser browser, String email, String password, String... headers) {
    return browser.post("/api/auth/signup", credentials(email, password), headers);
  }

  static void advance(Duration by) {
    browser().advance(by);
  }
}
