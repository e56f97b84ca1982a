package dev.parley;

import static dev.parley.Settings.require;

import com.typesafe.config.Config;
import dev.parley.ops.alerts.AlertPolicy;
import dev.parley.ops.alerts.SentryChannel;
import dev.parley.ops.alerts.TelegramTarget;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The settings under {@code parley.alerts}. Every getter says what is wrong with its own. */
record AlertSettings(Config config) {
  /**
   * @throws ConfigurationException when a value is not what it must be
   */
  void check() {
    sentryDsn();
    telegram();
    policy();
  }

  /** Where Sentry takes events, and as whom; empty for nowhere. */
  Optional<String> sentryDsn() {
    String dsn = config.getString("sentry.dsn").trim();
    require(
        dsn.isEmpty() || SentryChannel.understands(dsn),
        "SENTRY_DSN (parley.alerts.sentry.dsn) is no DSN; Sentry shows it as"
            + " https://<key>@<host>/<project>");
    return Optional.of(dsn).filter(text -> !text.isEmpty());
  }

  /** The chat that is told; empty for none. */
  Optional<TelegramTarget> telegram() {
    String key = config.getString("telegram.key").trim();
    String chat = config.getString("telegram.chat").trim();
    Map<TelegramTarget.Topic, Long> threads = new EnumMap<>(TelegramTarget.Topic.class);
    for (TelegramTarget.Topic topic : TelegramTarget.Topic.values()) {
      thread(topic).ifPresent(number -> threads.put(topic, number));
    }
    require(
        key.isEmpty() == chat.isEmpty(),
        "%s is set and %s is not; Telegram needs both: set the other, or unset this one",
        key.isEmpty() ? "TELEGRAM_CHAT_ID" : "TELEGRAM_BOT_API_KEY",
        key.isEmpty() ? "TELEGRAM_BOT_API_KEY" : "TELEGRAM_CHAT_ID");
    require(
        !key.isEmpty() || threads.isEmpty(),
        "A TELEGRAM_…_THREAD_ID is set, but neither TELEGRAM_BOT_API_KEY nor TELEGRAM_CHAT_ID; set"
            + " both, or unset the thread");
    require(
        key.isEmpty() || key.matches("[0-9]+:[A-Za-z0-9_-]+"),
        "TELEGRAM_BOT_API_KEY (parley.alerts.telegram.key) is not like 123456:ABC-def, as BotFather"
            + " gives it");
    require(
        chat.isEmpty() || chat.matches("-?[0-9]+|@[A-Za-z0-9_]+"),
        "TELEGRAM_CHAT_ID (parley.alerts.telegram.chat) is '%s'; it must be a number or @name",
        chat);
    return key.isEmpty()
        ? Optional.empty()
        : Optional.of(new TelegramTarget(apiUrl(), key, chat, threads));
  }

  private Optional<Long> thread(TelegramTarget.Topic topic) {
    String name = topic.name().toLowerCase(Locale.ROOT);
    String thread = config.getString("telegram.threads." + name).trim();
    require(
        thread.matches("[0-9]{0,15}"),
        "TELEGRAM_%s_THREAD_ID (parley.alerts.telegram.threads.%s) is '%s'; it must be a whole"
            + " number",
        topic,
        name,
        thread);
    return thread.isEmpty() ? Optional.empty() : Optional.of(Long.valueOf(thread));
  }

  private URI apiUrl() {
    String url = config.getString("telegram.api-url").trim();
    require(
        url.matches("https?://[^/?#@]+/?"),
        "TELEGRAM_API_URL (parley.alerts.telegram.api-url) is '%s'; it must be like"
            + " https://api.telegram.org",
        url);
    return URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
  }

  /** How alerts are sent. */
  AlertPolicy policy() {
    return new AlertPolicy(
        duration("repeat-after", Duration.ofSeconds(1), Duration.ofHours(1)),
        number("queue", 1, 10_000),
        number("tries", 1, 20),
        duration("first-pause", Duration.ofMillis(1), Duration.ofMinutes(1)),
        duration("longest-pause", Duration.ofMillis(1), Duration.ofMinutes(10)),
        duration("time-limit", Duration.ofMillis(100), Duration.ofMinutes(1)));
  }

  private Duration duration(String name, Duration least, Duration most) {
    Duration value = config.getDuration(name);
    require(
        value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
        "parley.alerts.%s is %s; it must be from %s to %s",
        name,
        value,
        least,
        most);
    return value;
  }

  private int number(String name, int least, int most) {
    int value = config.getInt(name);
    require(
        value >= least && value <= most,
        "parley.alerts.%s is %d; it must be from %d to %d",
        name,
        value,
        least,
        most);
    return value;
  }
}
