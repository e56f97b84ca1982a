package dev.parley.agent;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The second tier of the timeout configuration (eliza.md section 3.2). Values are as they were
 * written; who merges the tiers clamps them.
 *
 * @param values under the names of the contract
 */
public record AgentSettings(Map<String, String> values) {
  public static final AgentSettings NONE = new AgentSettings(Map.of());

  private static final String TIMEOUT = "SESSION_TIMEOUT_MINUTES";
  private static final String AUTO_RENEW = "SESSION_AUTO_RENEW";
  private static final String MAX_DURATION = "SESSION_MAX_DURATION_MINUTES";
  private static final String WARNING = "SESSION_WARNING_THRESHOLD_MINUTES";

  /**
   * @throws IllegalArgumentException when a name is unknown or a value is not of its type
   */
  public AgentSettings {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    values.forEach(AgentSettings::check);
  }

  public OptionalDouble timeoutMinutes() {
    return minutes(TIMEOUT);
  }

  /** True means true, whether it was written as text or not; [P]'s inversion is not repeated. */
  public Optional<Boolean> autoRenew() {
    return Optional.ofNullable(values.get(AUTO_RENEW)).map("true"::equalsIgnoreCase);
  }

  public OptionalDouble maxDurationMinutes() {
    return minutes(MAX_DURATION);
  }

  public OptionalDouble warningThresholdMinutes() {
    return minutes(WARNING);
  }

  private OptionalDouble minutes(String name) {
    String value = values.get(name);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(value));
  }

  private static void check(String name, String value) {
    switch (name) {
      case AUTO_RENEW -> {
        if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
          throw new IllegalArgumentException(
              name + " is '" + value + "'; it must be true or false");
        }
      }
      case TIMEOUT, MAX_DURATION, WARNING -> {
        if (!isPositive(value)) {
          throw new IllegalArgumentException(
              name + " is '" + value + "'; it must be a number of minutes above 0");
        }
      }
      default ->
          throw new IllegalArgumentException(
              "'"
                  + name
                  + "' is no setting of an agent; there are "
                  + String.join(
                      ", ",
                      new TreeSet<>(
                          java.util.List.of(TIMEOUT, AUTO_RENEW, MAX_DURATION, WARNING))));
    }
  }

  private static boolean isPositive(@Nullable String value) {
    try {
      double number = Double.parseDouble(value);
      return number > 0 && Double.isFinite(number);
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
