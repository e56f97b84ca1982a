package dev.parley.session;

import dev.parley.session.SettingValue.Absent;
import dev.parley.session.SettingValue.OfBoolean;
import dev.parley.session.SettingValue.OfText;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How the timeouts of a session come about: global defaults, then the agent's settings, then the
 * request, the later winning field by field (eliza.md section 3).
 */
public final class TimeoutTiers {
  /** What came of a request for timeouts. */
  public sealed interface Outcome {
    record Accepted(TimeoutPolicy policy) implements Outcome {}

    /**
     * 400.
     *
     * @param reason what follows {@code Invalid timeout configuration:} in the answer
     */
    record Refused(String reason) implements Outcome {}
  }

  private TimeoutTiers() {}

  /**
   * The second tier (eliza.md section 3.2): the defaults with the agent's settings over them. Blank
   * text, and whatever is no finite number or no truth value, counts as not set.
   */
  public static TimeoutPolicy ofAgent(TimeoutLimits limits, Map<String, SettingValue> settings) {
    TimeoutPolicy defaults = limits.defaults();
    double min = limits.minMinutes();
    double max = limits.maxMinutes();
    return new TimeoutPolicy(
        setting(settings, "SESSION_TIMEOUT_MINUTES", defaults.timeoutMinutes(), min, max),
        truth(settings.getOrDefault("SESSION_AUTO_RENEW", new Absent()))
            .orElse(defaults.autoRenew()),
        setting(
            settings,
            "SESSION_MAX_DURATION_MINUTES",
            defaults.maxDurationMinutes(),
            min,
            limits.longestDurationMinutes()),
        setting(
            settings,
            "SESSION_WARNING_THRESHOLD_MINUTES",
            defaults.warningThresholdMinutes(),
            1,
            max));
  }

  /**
   * The policy of a new session (eliza.md section 3.3). Numbers are clamped and never refused; what
   * is no finite number leaves the agent's value, {@code null} included. Only {@code autoRenew} can
   * be refused.
   *
   * @param agent the agent's tier, from {@link #ofAgent}
   */
  public static Outcome create(TimeoutLimits limits, TimeoutPolicy agent, TimeoutRequest request) {
    boolean autoRenew = agent.autoRenew();
    if (!(request.autoRenew() instanceof Absent)) {
      Optional<Boolean> given = truth(request.autoRenew());
      if (given.isEmpty()) {
        return new Outcome.Refused(
            "autoRenew must be true or false, got " + request.autoRenew().shown());
      }
      autoRenew = given.get();
    }
    OptionalDouble timeout = request.timeoutMinutes().finiteNumber();
    double timeoutMinutes =
        timeout.isPresent() ? limits.clampTimeout(timeout.getAsDouble()) : agent.timeoutMinutes();
    return accepted(limits, agent, request, timeoutMinutes, autoRenew);
  }

  /**
   * The policy of a session after PATCH (eliza.md sections 3.3 and 5.5): unnamed fields keep the
   * session's values; all types are judged before the range.
   *
   * @param session the policy so far
   */
  public static Outcome patch(TimeoutLimits limits, TimeoutPolicy session, TimeoutRequest request) {
    Optional<String> problem =
        numberProblem("timeoutMinutes", request.timeoutMinutes())
            .or(() -> booleanProblem("autoRenew", request.autoRenew()))
            .or(() -> numberProblem("maxDurationMinutes", request.maxDurationMinutes()))
            .or(() -> numberProblem("warningThresholdMinutes", request.warningThresholdMinutes()));
    if (problem.isPresent()) {
      return new Outcome.Refused(problem.get());
    }
    OptionalDouble timeout = request.timeoutMinutes().finiteNumber();
    if (timeout.isPresent() && !limits.allowsTimeout(timeout.getAsDouble())) {
      return new Outcome.Refused(
          "Timeout must be between %d and %d minutes"
              .formatted(limits.minMinutes(), limits.maxMinutes()));
    }
    boolean autoRenew =
        request.autoRenew() instanceof OfBoolean given ? given.value() : session.autoRenew();
    return accepted(limits, session, request, timeout.orElse(session.timeoutMinutes()), autoRenew);
  }

  /** The two fields that create and PATCH clamp alike; a fallback stays as it is. */
  private static Outcome accepted(
      TimeoutLimits limits,
      TimeoutPolicy fallback,
      TimeoutRequest request,
      double timeoutMinutes,
      boolean autoRenew) {
    OptionalDouble maxDuration = request.maxDurationMinutes().finiteNumber();
    OptionalDouble threshold = request.warningThresholdMinutes().finiteNumber();
    return new Outcome.Accepted(
        new TimeoutPolicy(
            timeoutMinutes,
            autoRenew,
            maxDuration.isPresent()
                ? Math.max(
                    timeoutMinutes,
                    Math.min(limits.longestDurationMinutes(), maxDuration.getAsDouble()))
                : fallback.maxDurationMinutes(),
            threshold.isPresent()
                ? Math.max(1, threshold.getAsDouble())
                : fallback.warningThresholdMinutes()));
  }

  private static double setting(
      Map<String, SettingValue> settings, String name, double fallback, double least, double most) {
    SettingValue value = settings.getOrDefault(name, new Absent());
    boolean blank = value instanceof OfText text && ExternalId.trim(text.value()).isEmpty();
    OptionalDouble number = blank ? OptionalDouble.empty() : value.finiteNumber();
    return number.isPresent() ? TimeoutLimits.clamp(number.getAsDouble(), least, most) : fallback;
  }

  private static Optional<Boolean> truth(SettingValue value) {
    if (value instanceof OfBoolean given) {
      return Optional.of(given.value());
    }
    return value instanceof OfText text
            && (text.value().equals("true") || text.value().equals("false"))
        ? Optional.of(text.value().equals("true"))
        : Optional.empty();
  }

  private static Optional<String> numberProblem(String field, SettingValue value) {
    return value instanceof Absent || value.finiteNumber().isPresent()
        ? Optional.empty()
        : Optional.of("%s must be a finite number, got %s".formatted(field, value.shown()));
  }

  private static Optional<String> booleanProblem(String field, SettingValue value) {
    return value instanceof Absent || value instanceof OfBoolean
        ? Optional.empty()
        : Optional.of("%s must be a boolean, got %s".formatted(field, value.shown()));
  }
}
