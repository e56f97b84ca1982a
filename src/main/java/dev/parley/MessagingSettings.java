package dev.parley;

import static dev.parley.Settings.require;
import static java.util.Locale.ROOT;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The settings under {@code parley.messaging}. Every getter says what is wrong with its own. */
final class MessagingSettings {
  /** Sizes as Express writes them; a number alone is bytes. */
  private static final Pattern SIZE =
      Pattern.compile("([0-9]{1,9})\\s*(b|kb|mb|)", Pattern.CASE_INSENSITIVE);

  private static final Map<String, Integer> SIZE_SHIFTS = Map.of("", 0, "b", 0, "kb", 10, "mb", 20);
  private static final long MAX_PAYLOAD = 64L << 20;

  private final Config config;
  private final boolean production;

  MessagingSettings(Config config, boolean production) {
    this.config = config;
    this.production = production;
  }

  /**
   * @throws ConfigurationException when a value is not what it must be
   */
  void check() {
    maxPayload();
    rateLimit();
    rateWindow();
    headersWithin();
  }

  /** The key of the messaging face; blank leaves it open. */
  String apiKey() {
    return config.getString("api-key").trim();
  }

  /** The largest body the messaging face takes, in bytes. */
  long maxPayload() {
    String size = config.getString("max-payload").trim();
    Matcher matcher = SIZE.matcher(size);
    long bytes =
        matcher.matches()
            ? Long.parseLong(matcher.group(1))
                << SIZE_SHIFTS.get(matcher.group(2).toLowerCase(ROOT))
            : 0;
    require(
        bytes >= 1 && bytes <= MAX_PAYLOAD,
        "EXPRESS_MAX_PAYLOAD (parley.messaging.max-payload) is '%s'; it must be a size from 1b to"
            + " 64mb, such as 2mb, 512kb or 2097152",
        size);
    return bytes;
  }

  /** Requests an address may make on the messaging face in a window; 0 for any number. */
  long rateLimit() {
    String limit = config.getString("rate-limit.requests").trim();
    require(
        limit.equals("auto") || limit.matches("[0-9]{1,9}"),
        "PARLEY_MESSAGING_RATE_LIMIT (parley.messaging.rate-limit.requests) is '%s'; it must be a"
            + " whole number, 0 for no limit, or auto",
        limit);
    return limit.equals("auto") ? (production ? 1_000 : 0) : Long.parseLong(limit);
  }

  Duration rateWindow() {
    Duration window = config.getDuration("rate-limit.window");
    require(
        window.compareTo(Duration.ofSeconds(1)) >= 0 && window.compareTo(Duration.ofDays(1)) <= 0,
        "parley.messaging.rate-limit.window is %s; it must be from 1s to 1d",
        window);
    return window;
  }

  /** How long an answer over http may take before its response begins without it. */
  Duration headersWithin() {
    Duration wait = config.getDuration("headers-within");
    require(
        wait.toMillis() >= 1 && wait.compareTo(Duration.ofMinutes(10)) <= 0,
        "parley.messaging.headers-within is %s; it must be from 1ms to 10m",
        wait);
    return wait;
  }
}
