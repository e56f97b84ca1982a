package dev.parley;

import dev.parley.agent.StandIn;
import dev.parley.http.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The webchat widget in Chromium (web-runtime.md section 5), with an agent that does what the first
 * word of a message says: counts, says something and then no more, or fails. Anything else is
 * answered. What it looked like is kept in {@code target/screenshots}.
 */
class WidgetIT {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final String AGENT = "00000000-0000-0000-8000-0000000000d1";

  /** About as fast as a model speaks. */
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(25);

  @TempDir static Path directory;
  private static StandIn agent;
  private static OwnServer server;
  private static Chromium browser;

  @BeforeAll
  static void start() throws Exception {
    Chromium.require();
    agent = new StandIn(WidgetIT::answer);
    Map<String, Object> webhook =
        Map.of(
            "id",
            AGENT,
            "name",
            "Counter",
            "kind",
            "webhook",
            "url",
            agent.url("/"),
            // Any variable that is sure to be set: nobody looks at the signature here.
            "secret-env",
            "PATH",
            "tries",
            1,
            "settings",
            Map.of("SESSION_TIMEOUT_MINUTES", 10, "SESSION_WARNING_THRESHOLD_MINUTES", 5));
    Map<String, Object> event = Map.of("id", "demo", "agent-id", AGENT, "organization-id", "demo");
    server =
        OwnServer.start(
            directory,
            Map.of(
                "parley.test-clock",
                "on",
                "parley.agents",
                List.of(webhook),
                "parley.webchat.events",
                List.of(event),
                // Visitors have none.
                "parley.messaging.api-key",
                "of somebody else"));
    browser = Chromium.start("widget", server.origin());
  }

  @AfterAll
  static void stop() throws Exception {
    Closing.all(browser, server, agent);
  }

  private static void answer(StandIn.Exchange exchange) throws IOException {
    String content = Answer.parse(exchange.request().text()).at("/message/content").textValue();
    String[] words = content.split(" ");
    switch (words[0]) {
      case "fail" -> exchange.answer(500, "text/plain", "out of order");
      case "hold" -> {
        exchange.stream("application/x-ndjson").chunk("{\"delta\":\"so far\"}\n");
        exchange.awaitClose(new CompletableFuture<>());
      }
      case "count" -> {
        exchange.stream("application/x-ndjson");
        int last = Integer.parseInt(words[1]) - 1;
        for (int i = 0; i <= last; i++) {
          exchange.chunk("{\"delta\":\"w" + i + (i < last ? " " : "") + "\"}\n");
          LockSupport.parkNanos(PAUSE);
        }
        exchange.lastChunk();
      }
      default ->
          exchange.answer(
              200,
              "application/json",
              "{\"text\":\"re: " + content.replace("\n", "\\n").replace("\"", "\\\"") + "\"}");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "talk",
        "reload",
        "offline",
        "tabs",
        "keyboard",
        "looks",
        "stop",
        "retry",
        "renewal",
        "closed",
        "refused",
        "elsewhere",
        "files",
        // The clock of the server goes on for all: the last.
        "expiry",
        "comeback"
      })
  void a_visitor_can(String scenario) {
    browser.play(scenario, LIMIT);
  }
}
