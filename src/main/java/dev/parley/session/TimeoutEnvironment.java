package dev.parley.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What the environment variables say about timeouts (eliza.md section 3.1).
 *
 * @param cleanupInterval {@code SESSION_CLEANUP_INTERVAL_MINUTES}
 * @param clearOnShutdown {@code CLEAR_SESSIONS_ON_SHUTDOWN}
 * @param remarks one line for the log on every value that is not used as it was given
 */
public record TimeoutEnvironment(
    TimeoutLimits limits, Duration cleanupInterval, boolean clearOnShutdown, List<String> remarks) {
  public TimeoutEnvironment {
    remarks = List.copyOf(remarks);
  }

  /**
   * Reads the variables. What is no number counts as not set, what is out of range is clamped, and
   * so is a default timeout that a request could not ask for.
   */
  public static TimeoutEnvironment read(Map<String, String> environment) {
    Reader reader = new Reader(environment);
    int min = reader.minutes("SESSION_MIN_TIMEOUT_MINUTES", 5, 1, 60);
    int max = reader.minutes("SESSION_MAX_TIMEOUT_MINUTES", 1_440, 60, 10_080);
    String timeoutName = "SESSION_DEFAULT_TIMEOUT_MINUTES";
    long timeout =
        reader.clamped(timeoutName, reader.minutes(timeoutName, 30, 1, 10_080), min, max);
    TimeoutPolicy defaults =
        new TimeoutPolicy(
            timeout,
            true,
            reader.minutes("SESSION_MAX_DURATION_MINUTES", 720, 60, 20_160),
            reader.minutes("SESSION_WARNING_THRESHOLD_MINUTES", 5, 1, 60));
    return new TimeoutEnvironment(
        new TimeoutLimits(min, max, defaults),
        Duration.ofMinutes(reader.minutes("SESSION_CLEANUP_INTERVAL_MINUTES", 5, 1, 60)),
        "true".equals(environment.get("CLEAR_SESSIONS_ON_SHUTDOWN")),
        reader.remarks);
  }

  private static final class Reader {
    private final Map<String, String> environment;
    private final List<String> remarks = new ArrayList<>();

    Reader(Map<String, String> environment) {
      this.environment = environment;
    }

    int minutes(String name, int fallback, int least, int most) {
      String text = environment.getOrDefault(name, "");
      OptionalLong given = JsNumber.leadingInteger(text);
      if (given.isEmpty()) {
        if (!text.isBlank()) {
          remarks.add(
              "%s is no number: %s; using %d".formatted(name, Envelope.quote(text), fallback));
        }
        return fallback;
      }
      return (int) clamped(name, given.getAsLong(), least, most);
    }

    long clamped(String name, long value, long least, long most) {
      long used = Math.max(least, Math.min(most, value));
      if (used != value) {
        remarks.add(
            "%s is %d, outside %d to %d; using %d".formatted(name, value, least, most, used));
      }
      return used;
    }
  }
}
