package dev.parley.ops.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.ops.alerts.AlertReceiver.Received;
import dev.parley.ops.alerts.TelegramTarget.Topic;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** web-runtime.md section 8: errors of the log reach Sentry and Telegram and harm nobody. */
class AlertsTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String KEY = "123456:AAbb-cc";
  private static final String SECRET = "the-secret-key-of-acme";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** No class of the server has it, so other tests of this JVM tell nothing here. */
  private static final Logger log = LoggerFactory.getLogger("dev.parley.AlertsTest");

  private AlertReceiver telegram;
  private AlertReceiver sentry;
  private Alerts alerts;

  @BeforeEach
  void listen() throws IOException {
    telegram = new AlertReceiver();
    sentry = new AlertReceiver();
  }

  @AfterEach
  void close() throws InterruptedException {
    telegram.close();
    sentry.close();
    if (alerts != null) {
      alerts.close();
    }
  }

  private void start(int queue) {
    alerts =
        Alerts.start(
            Optional.of(sentry.origin().replace("http://", "http://public1@") + "/42"),
            Optional.of(
                new TelegramTarget(
                    URI.create(telegram.origin()),
                    KEY,
                    "-1007",
                    Map.of(Topic.ERRORS, 9L, Topic.FEEDBACK, 11L))),
            new AlertPolicy(
                Duration.ofMinutes(1),
                queue,
                4,
                Duration.ofMillis(10),
                Duration.ofMillis(50),
                Duration.ofSeconds(5)),
            List.of(SECRET),
            "node-1",
            "production",
            Clock.systemUTC());
  }

  private static JsonNode message(Received received) throws IOException {
    return JSON.readTree(received.body());
  }

  private Received told(AlertReceiver receiver) throws InterruptedException {
    Received received = receiver.next(SOON);
    assertThat(received).isNotNull();
    return received;
  }

  @Test
  void an_error_of_the_log_reaches_both() throws Exception {
    start(10);
    log.atError()
        .addKeyValue("request", "0af")
        .addKeyValue("session", "Ann")
        .setCause(new IllegalStateException("Dear Ann " + SECRET))
        .log("{} {} failed", "POST", "/api/{x}");
    Received chat = told(telegram);
    assertThat(chat.path()).isEqualTo("/bot" + KEY + "/sendMessage");
    assertThat(message(chat).get("chat_id").asText()).isEqualTo("-1007");
    assertThat(message(chat).get("message_thread_id").asLong()).isEqualTo(9);
    assertThat(message(chat).get("text").asText())
        .startsWith("error on node-1\nPOST /api/{x} failed [0af]\njava.lang.IllegalStateException")
        .contains("AlertsTest");
    Received event = told(sentry);
    assertThat(event.path()).isEqualTo("/api/42/envelope/");
    assertThat(event.auth()).contains("sentry_key=public1", "sentry_version=7");
    JsonNode item = JSON.readTree(event.body().lines().toList().get(2));
    assertThat(item.at("/message/formatted").asText()).isEqualTo("POST /api/{x} failed [0af]");
    assertThat(item.at("/exception/values/0/type").asText()).isEqualTo("IllegalStateException");
    assertThat(item.at("/level").asText()).isEqualTo("error");
    assertThat(item.at("/environment").asText()).isEqualTo("production");
    assertThat(item.has("threads")).isFalse();
    for (Received one : List.of(chat, event)) {
      assertThat(one.body()).doesNotContain("Dear Ann", SECRET);
    }
  }

  @Test
  void feedback_goes_to_its_thread_of_the_chat_and_nowhere_else() throws Exception {
    start(10);
    assertThat(alerts.feedback("user-1", "The answers are too long. " + SECRET)).isTrue();
    JsonNode message = message(told(telegram));
    assertThat(message.get("message_thread_id").asLong()).isEqualTo(11);
    assertThat(message.get("text").asText())
        .isEqualTo("feedback on node-1\nfrom the user user-1\nThe answers are too long. …");
    log.error("the last");
    assertThat(told(sentry).body()).contains("the last").doesNotContain("too long");
  }

  @Test
  void feedback_that_nobody_would_hear_is_not_taken() throws Exception {
    alerts =
        Alerts.start(
            Optional.of(sentry.origin().replace("http://", "http://public1@") + "/42"),
            Optional.empty(),
            new AlertPolicy(
                Duration.ofMinutes(1),
                10,
                1,
                Duration.ofMillis(10),
                Duration.ofMillis(50),
                Duration.ofSeconds(5)),
            List.of(),
            "node-1",
            "production",
            Clock.systemUTC());
    assertThat(alerts.feedback("user-1", "hello")).isFalse();
  }

  @Test
  void what_is_no_error_of_ours_is_not_told() throws Exception {
    start(10);
    log.warn("only a warning");
    LoggerFactory.getLogger("com.example").error("of somebody else");
    LoggerFactory.getLogger("dev.parley.ops.alerts.Outbox").error("of ourselves");
    log.error("the last");
    assertThat(message(told(telegram)).get("text").asText()).contains("the last");
    assertThat(telegram.rest()).isEmpty();
  }

  @Test
  void the_same_is_told_once_a_minute() throws Exception {
    start(10);
    for (int i = 0; i < 50; i++) {
      log.error("always this");
    }
    log.error("then that");
    assertThat(message(told(telegram)).get("text").asText()).contains("always this");
    assertThat(message(told(telegram)).get("text").asText()).contains("then that");
  }

  @Test
  void what_fails_is_tried_again_and_what_is_refused_is_not() throws Exception {
    telegram.answering(500, 429, 200, 403);
    start(10);
    log.error("first");
    for (int i = 0; i < 3; i++) {
      assertThat(message(told(telegram)).get("text").asText()).contains("first");
    }
    log.error("second");
    log.error("third");
    assertThat(message(told(telegram)).get("text").asText()).contains("second");
    assertThat(message(told(telegram)).get("text").asText()).contains("third");
  }

  @Test
  void who_says_when_to_come_again_is_believed_within_reason() throws Exception {
    telegram.busy("1").busy("86400").busy("soon");
    start(10);
    log.error("first");
    long begin = told(telegram).at();
    assertThat(Duration.ofNanos(told(telegram).at() - begin))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    assertThat(message(told(telegram)).get("text").asText()).contains("first");
    assertThat(message(told(telegram)).get("text").asText()).contains("first");
  }

  @Test
  void after_some_tries_an_alert_is_given_up() throws Exception {
    telegram.answering(500, 500, 500, 500);
    start(10);
    log.error("first");
    log.error("second");
    for (int i = 0; i < 4; i++) {
      assertThat(message(told(telegram)).get("text").asText()).contains("first");
    }
    assertThat(message(told(telegram)).get("text").asText()).contains("second");
  }

  @Test
  void one_that_does_not_answer_costs_the_others_nothing() throws Exception {
    telegram.silent();
    start(5);
    long begin = System.nanoTime();
    for (int i = 0; i < 2_000; i++) {
      log.error("error number {}", i);
    }
    // Waiting for one answer alone would take five seconds.
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
    assertThat(told(sentry).body()).contains("error number 0");
  }

  @Test
  void what_was_dropped_is_counted_and_told() throws Exception {
    telegram.silent();
    start(1);
    log.error("first");
    assertThat(told(telegram).body()).contains("first");
    // While that has no answer, one may wait and the others are dropped.
    for (int i = 0; i < 4; i++) {
      log.error("another {}", i);
    }
    telegram.release();
    assertThat(told(telegram).body()).contains("another 0");
    assertThat(message(told(telegram)).get("text").asText())
        .startsWith("warning on node-1\n3 alerts were dropped");
  }

  @Test
  void one_that_is_not_there_harms_nobody() throws Exception {
    telegram.close();
    start(10);
    log.error("first");
    assertThat(told(sentry).body()).contains("first");
  }

  @Test
  void events_go_to_the_chat_alone() throws Exception {
    start(10);
    alerts.event("The node starts");
    Received chat = told(telegram);
    assertThat(message(chat).get("text").asText()).isEqualTo("event on node-1\nThe node starts");
    assertThat(message(chat).has("message_thread_id")).isFalse();
    log.error("an error");
    assertThat(told(sentry).body()).contains("an error");
  }

  @Test
  void what_waits_is_told_before_the_end() throws Exception {
    start(10);
    log.error("first");
    log.error("second");
    alerts.close();
    assertThat(message(told(telegram)).get("text").asText()).contains("first");
    assertThat(message(told(telegram)).get("text").asText()).contains("second");
    log.error("after the end");
    assertThat(telegram.rest()).isEmpty();
  }
}
