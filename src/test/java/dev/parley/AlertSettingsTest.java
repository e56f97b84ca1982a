package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.parley.ops.alerts.TelegramTarget;
import dev.parley.ops.alerts.TelegramTarget.Topic;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AlertSettingsTest {
  private static final String KEY = "123456:AAbb-cc_dd";

  private static AlertSettings settings(Map<String, String> values) {
    Config config =
        ConfigFactory.parseMap(values)
            .withFallback(ConfigFactory.load().getConfig("parley.alerts"))
            .resolve();
    return new AlertSettings(config);
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        arguments(Map.of("telegram.key", KEY), "TELEGRAM_CHAT_ID is not"),
        arguments(Map.of("telegram.chat", "-1"), "TELEGRAM_BOT_API_KEY is not"),
        arguments(Map.of("telegram.threads.errors", "7"), "TELEGRAM_…_THREAD_ID is set"),
        arguments(
            Map.of("telegram.key", "geheim", "telegram.chat", "-1"),
            "TELEGRAM_BOT_API_KEY (parley"),
        arguments(
            Map.of("telegram.key", KEY, "telegram.chat", "my chat"), "TELEGRAM_CHAT_ID (parley"),
        arguments(
            Map.of("telegram.key", KEY, "telegram.chat", "1", "telegram.threads.events", "x"),
            "TELEGRAM_EVENTS_THREAD_ID"),
        arguments(
            Map.of("telegram.key", KEY, "telegram.chat", "1", "telegram.api-url", "x"),
            "TELEGRAM_API_URL"),
        arguments(Map.of("sentry.dsn", "geheim"), "SENTRY_DSN"),
        arguments(Map.of("sentry.dsn", "https://sentry.example/1"), "SENTRY_DSN"),
        arguments(Map.of("tries", "0"), "parley.alerts.tries"),
        arguments(Map.of("repeat-after", "0s"), "parley.alerts.repeat-after"));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void what_is_half_or_wrong_is_named(Map<String, String> values, String text) {
    assertThatThrownBy(settings(values)::check)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(text)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("geheim", KEY));
  }

  @Test
  void nothing_set_is_nobody_told() {
    AlertSettings none = settings(Map.of());
    none.check();
    assertThat(none.sentryDsn()).isEmpty();
    assertThat(none.telegram()).isEmpty();
  }

  @Test
  void both_and_threads_are_a_target() {
    TelegramTarget target =
        settings(
                Map.of(
                    "telegram.key", KEY, "telegram.chat", "-100", "telegram.threads.errors", "7"))
            .telegram()
            .orElseThrow();
    assertThat(target.threads()).containsExactly(Map.entry(Topic.ERRORS, 7L));
    assertThat(target.toString()).isEqualTo("chat -100 at https://api.telegram.org");
  }
}
