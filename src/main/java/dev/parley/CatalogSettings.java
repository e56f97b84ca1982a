package dev.parley;

import static dev.parley.Settings.require;

import com.typesafe.config.Config;
import dev.parley.projection.clickhouse.ClickHouseAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * The settings under {@code parley.clickhouse} and {@code parley.projection}. Every getter says
 * what is wrong with its own.
 */
record CatalogSettings(Config config) {
  /**
   * @throws ConfigurationException when a value is not what it must be
   */
  void check() {
    clickHouse();
    fallsBack();
    pause();
  }

  /** Where ClickHouse is, or empty for lists and figures from PostgreSQL. */
  Optional<ClickHouseAddress> clickHouse() {
    String url = config.getString("clickhouse.url");
    if (url.isBlank()) {
      return Optional.empty();
    }
    try {
      return Optional.of(ClickHouseAddress.parse(url));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          "PARLEY_CLICKHOUSE_URL (parley.clickhouse.url) can't be used: " + e.getMessage());
    }
  }

  /** Whether lists come from PostgreSQL while ClickHouse does not answer. */
  boolean fallsBack() {
    String away = config.getString("clickhouse.when-away");
    require(
        away.equals("postgresql") || away.equals("unavailable"),
        "PARLEY_CLICKHOUSE_WHEN_AWAY (parley.clickhouse.when-away) is '%s'; it must be postgresql or"
            + " unavailable",
        away);
    return away.equals("postgresql");
  }

  /** The pause between two writes of what lists and figures show. */
  Duration pause() {
    Duration pause = config.getDuration("projection.pause");
    require(
        pause.toMillis() >= 10 && pause.compareTo(Duration.ofMinutes(1)) <= 0,
        "parley.projection.pause is %s; it must be from 10ms to 1m",
        pause);
    return pause;
  }
}
