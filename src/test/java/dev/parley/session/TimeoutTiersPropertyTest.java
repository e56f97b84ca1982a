package dev.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.SettingValue.Absent;
import dev.parley.session.SettingValue.OfBoolean;
import dev.parley.session.SettingValue.OfNumber;
import dev.parley.session.SettingValue.OfText;
import dev.parley.session.SettingValue.Other;
import dev.parley.session.TimeoutTiers.Outcome;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** The three tiers against a naive reading of eliza.md sections 3.1 to 3.3 and 5.5. */
class TimeoutTiersPropertyTest {
  @Provide
  Arbitrary<TimeoutLimits> limits() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 60),
            Arbitraries.integers().between(60, 10_080),
            Arbitraries.integers().between(1, 10_080),
            Arbitraries.integers().between(60, 20_160),
            Arbitraries.integers().between(1, 60))
        .as(
            (min, max, timeout, duration, threshold) ->
                TimeoutEnvironment.read(
                        Map.of(
                            "SESSION_MIN_TIMEOUT_MINUTES", "" + min,
                            "SESSION_MAX_TIMEOUT_MINUTES", "" + max,
                            "SESSION_DEFAULT_TIMEOUT_MINUTES", "" + timeout,
                            "SESSION_MAX_DURATION_MINUTES", "" + duration,
                            "SESSION_WARNING_THRESHOLD_MINUTES", "" + threshold))
                    .limits());
  }

  @Provide
  Arbitrary<SettingValue> values() {
    Arbitrary<Double> numbers =
        Arbitraries.oneOf(
            Arbitraries.doubles().between(-10, 100),
            Arbitraries.integers().between(-10, 25_000).map(Integer::doubleValue),
            Arbitraries.doubles());
    return Arbitraries.oneOf(
        numbers.map(OfNumber::new),
        numbers.map(number -> new OfText(" " + number)),
        Arbitraries.of("", " ", "0x10", "1,000", "true", "false", "many", "10e308", "Infinity")
            .map(OfText::new),
        Arbitraries.of(true, false).map(OfBoolean::new),
        Arbitraries.of(new Absent(), new Absent(), new Absent(), new Other("null")));
  }

  @Provide
  Arbitrary<TimeoutRequest> requests() {
    Arbitrary<SettingValue> truths =
        Arbitraries.oneOf(
            values(),
            Arbitraries.of(true, false).map(OfBoolean::new),
            Arbitraries.of(new Absent()));
    return Combinators.combine(values(), truths, values(), values()).as(TimeoutRequest::new);
  }

  @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
  void policies_are_those_of_the_naive_tiers(
      @ForAll("limits") TimeoutLimits limits,
      @ForAll("requests") TimeoutRequest settings,
      @ForAll("requests") TimeoutRequest created,
      @ForAll("requests") TimeoutRequest patched) {
    TimeoutPolicy agent = TimeoutTiers.ofAgent(limits, asSettings(settings));
    assertThat(agent).isEqualTo(Naive.agent(limits, settings));
    Outcome session = TimeoutTiers.create(limits, agent, created);
    assertThat(policy(session)).isEqualTo(Naive.create(limits, agent, created));
    TimeoutPolicy before = policy(session) == null ? agent : policy(session);
    assertThat(policy(TimeoutTiers.patch(limits, before, patched)))
        .isEqualTo(Naive.patch(limits, before, patched));
  }

  private static Map<String, SettingValue> asSettings(TimeoutRequest values) {
    return Map.of(
        "SESSION_TIMEOUT_MINUTES", values.timeoutMinutes(),
        "SESSION_AUTO_RENEW", values.autoRenew(),
        "SESSION_MAX_DURATION_MINUTES", values.maxDurationMinutes(),
        "SESSION_WARNING_THRESHOLD_MINUTES", values.warningThresholdMinutes());
  }

  private static @Nullable TimeoutPolicy policy(Outcome outcome) {
    return outcome instanceof Outcome.Accepted accepted ? accepted.policy() : null;
  }

  /** Nothing shared with the core but the conversion of text, which has its own test. */
  private static final class Naive {
    static TimeoutPolicy agent(TimeoutLimits limits, TimeoutRequest settings) {
      double timeout = limits.defaults().timeoutMinutes();
      double duration = limits.defaults().maxDurationMinutes();
      double threshold = limits.defaults().warningThresholdMinutes();
      if (isSet(settings.timeoutMinutes())) {
        timeout = between(limits.minMinutes(), limits.maxMinutes(), settings.timeoutMinutes());
      }
      if (isSet(settings.maxDurationMinutes())) {
        duration =
            between(limits.minMinutes(), 2 * limits.maxMinutes(), settings.maxDurationMinutes());
      }
      if (isSet(settings.warningThresholdMinutes())) {
        threshold = between(1, limits.maxMinutes(), settings.warningThresholdMinutes());
      }
      boolean off =
          settings.autoRenew().equals(new OfText("false"))
              || settings.autoRenew().equals(new OfBoolean(false));
      return new TimeoutPolicy(timeout, !off, duration, threshold);
    }

    static @Nullable TimeoutPolicy create(
        TimeoutLimits limits, TimeoutPolicy agent, TimeoutRequest request) {
      boolean autoRenew = agent.autoRenew();
      if (!absent(request.autoRenew())) {
        switch (request.autoRenew().toString()) {
          case "OfBoolean[value=true]", "OfText[value=true]" -> autoRenew = true;
          case "OfBoolean[value=false]", "OfText[value=false]" -> autoRenew = false;
          default -> {
            return null;
          }
        }
      }
      double timeout =
          Double.isFinite(number(request.timeoutMinutes()))
              ? between(limits.minMinutes(), limits.maxMinutes(), request.timeoutMinutes())
              : agent.timeoutMinutes();
      return rest(limits, agent, request, timeout, autoRenew);
    }

    static @Nullable TimeoutPolicy patch(
        TimeoutLimits limits, TimeoutPolicy session, TimeoutRequest request) {
      if (!absent(request.autoRenew()) && !(request.autoRenew() instanceof OfBoolean)) {
        return null;
      }
      for (SettingValue value :
          new SettingValue[] {
            request.timeoutMinutes(),
            request.maxDurationMinutes(),
            request.warningThresholdMinutes()
          }) {
        if (!absent(value) && !Double.isFinite(number(value))) {
          return null;
        }
      }
      double timeout =
          absent(request.timeoutMinutes())
              ? session.timeoutMinutes()
              : number(request.timeoutMinutes());
      if (!absent(request.timeoutMinutes())
          && (timeout < limits.minMinutes() || timeout > limits.maxMinutes())) {
        return null;
      }
      boolean autoRenew =
          absent(request.autoRenew())
              ? session.autoRenew()
              : request.autoRenew().equals(new OfBoolean(true));
      return rest(limits, session, request, timeout, autoRenew);
    }

    private static TimeoutPolicy rest(
        TimeoutLimits limits,
        TimeoutPolicy below,
        TimeoutRequest request,
        double timeout,
        boolean autoRenew) {
      double duration = number(request.maxDurationMinutes());
      double threshold = number(request.warningThresholdMinutes());
      return new TimeoutPolicy(
          timeout,
          autoRenew,
          Double.isFinite(duration)
              ? Math.max(timeout, Math.min(2 * limits.maxMinutes(), duration))
              : below.maxDurationMinutes(),
          Double.isFinite(threshold) ? Math.max(1, threshold) : below.warningThresholdMinutes());
    }

    private static boolean absent(SettingValue value) {
      return value instanceof Absent;
    }

    private static boolean isSet(SettingValue value) {
      boolean blank = value instanceof OfText text && text.value().isBlank();
      return !blank && Double.isFinite(number(value));
    }

    private static double between(double least, double most, SettingValue value) {
      double number = number(value);
      return number < least ? least : number > most ? most : number;
    }

    private static double number(SettingValue value) {
      if (value instanceof OfNumber given) {
        return given.value();
      }
      return value instanceof OfText given ? JsNumber.parse(given.value()) : Double.NaN;
    }
  }
}
