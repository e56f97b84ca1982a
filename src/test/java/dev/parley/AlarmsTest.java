package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigException;
import dev.parley.http.Answer;
import dev.parley.http.web.Browser;
import dev.parley.ops.alerts.AlertReceiver;
import dev.parley.ops.alerts.AlertReceiver.Received;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A server with Telegram configured, from its start to its end. */
class AlarmsTest {
  private static final String FEEDBACK = "/api/feedback";
  private static final String WORDS = "{\"text\":\"I like it\"}";
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir Path directory;

  private static String told(AlertReceiver telegram) throws InterruptedException {
    Received received = telegram.next(SOON);
    assertThat(received).isNotNull();
    assertThat(received.path()).isEqualTo("/bot123456:AAbb/sendMessage");
    return received.body();
  }

  private static Map<String, Object> settings(AlertReceiver telegram, String more, Object value) {
    return Map.of(
        "parley.alerts.telegram.key",
        "123456:AAbb",
        "parley.alerts.telegram.chat",
        "-100",
        "parley.alerts.telegram.api-url",
        telegram.origin(),
        more,
        value);
  }

  @Test
  void a_server_that_can_not_start_tells_it() throws Exception {
    try (AlertReceiver telegram = new AlertReceiver()) {
      Map<String, Object> settings =
          settings(telegram, "pekko.actor.default-dispatcher.throughput", "none");
      assertThatThrownBy(() -> OwnServer.start(directory, settings))
          .isInstanceOf(ConfigException.class);
      assertThat(told(telegram)).contains("The node starts");
      assertThat(told(telegram)).contains("The server could not be started");
      assertThat(told(telegram)).contains("The node has stopped");
    }
  }

  @Test
  void a_server_tells_of_its_start_its_errors_and_its_end_and_shows_no_key() throws Exception {
    try (AlertReceiver telegram = new AlertReceiver()) {
      Map<String, Object> settings =
          settings(telegram, "parley.alerts.telegram.threads.feedback", "7");
      try (OwnServer server = OwnServer.start(directory, settings)) {
        assertThat(told(telegram)).contains("The node starts");
        LoggerFactory.getLogger(AlarmsTest.class).error("The key {} is gone", OwnServer.KEY);
        assertThat(told(telegram)).contains("The key … is gone").doesNotContain(OwnServer.KEY);
        Browser user = new Browser(server.origin());
        assertThat(user.post(FEEDBACK, WORDS).status()).isEqualTo(401);
        user.signUp();
        assertThat(user.post(FEEDBACK, WORDS).status()).isEqualTo(202);
        assertThat(told(telegram)).contains("I like it", "\"message_thread_id\":7");
        assertThat(user.post(FEEDBACK, WORDS, "Sec-Fetch-Site", "cross-site").status())
            .isEqualTo(403);
        assertThat(user.post(FEEDBACK, "{\"text\":\"\"}").status()).isEqualTo(400);
        for (int i = 0; i < 4; i++) {
          assertThat(user.post(FEEDBACK, WORDS).status()).isEqualTo(202);
        }
        Answer refused = user.post(FEEDBACK, WORDS);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 3_600);
        Browser.disconnect();
      }
      assertThat(told(telegram)).contains("The node has stopped");
    }
  }
}
