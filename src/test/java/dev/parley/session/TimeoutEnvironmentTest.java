package dev.parley.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TimeoutEnvironmentTest {
  static Stream<Arguments> variables() {
    return Stream.of(
        Arguments.of(
            "SESSION_DEFAULT_TIMEOUT_MINUTES",
            30,
            1,
            10_080,
            value(e -> e.limits().defaults().timeoutMinutes())),
        Arguments.of("SESSION_MIN_TIMEOUT_MINUTES", 5, 1, 60, value(e -> e.limits().minMinutes())),
        Arguments.of(
            "SESSION_MAX_TIMEOUT_MINUTES", 1_440, 60, 10_080, value(e -> e.limits().maxMinutes())),
        Arguments.of(
            "SESSION_MAX_DURATION_MINUTES",
            720,
            60,
            20_160,
            value(e -> e.limits().defaults().maxDurationMinutes())),
        Arguments.of(
            "SESSION_WARNING_THRESHOLD_MINUTES",
            5,
            1,
            60,
            value(e -> e.limits().defaults().warningThresholdMinutes())),
        Arguments.of(
            "SESSION_CLEANUP_INTERVAL_MINUTES",
            5,
            1,
            60,
            value(e -> e.cleanupInterval().toMinutes())));
  }

  private static ToDoubleFunction<TimeoutEnvironment> value(
      ToDoubleFunction<TimeoutEnvironment> value) {
    return value;
  }

  /** With the widest bounds, so that the default timeout is bounded by its own range alone. */
  private static TimeoutEnvironment with(String name, String text) {
    Map<String, String> environment =
        new HashMap<>(
            Map.of("SESSION_MIN_TIMEOUT_MINUTES", "1", "SESSION_MAX_TIMEOUT_MINUTES", "10080"));
    environment.put(name, text);
    return TimeoutEnvironment.read(environment);
  }

  private static List<String> remarks(String name, String text) {
    return with(name, text).remarks().stream().filter(line -> line.startsWith(name)).toList();
  }

  @ParameterizedTest(name = "{0}: default {1}, range {2} to {3}")
  @MethodSource("variables")
  void each_variable_has_a_default_and_a_range(
      String name, int fallback, int least, int most, ToDoubleFunction<TimeoutEnvironment> read) {
    assertThat(read.applyAsDouble(TimeoutEnvironment.read(Map.of()))).isEqualTo(fallback);
    for (String none : new String[] {"", "  ", "many", "-", "Infinity"}) {
      assertThat(read.applyAsDouble(with(name, none))).isEqualTo(fallback);
    }
    for (int value : new int[] {least, least + 1, most - 1, most}) {
      assertThat(read.applyAsDouble(with(name, Integer.toString(value)))).isEqualTo(value);
      assertThat(remarks(name, Integer.toString(value))).isEmpty();
    }
    for (String low : new String[] {"0", "-5", "-99999999999999999999", "0x10"}) {
      assertThat(read.applyAsDouble(with(name, low))).isEqualTo(least);
      assertThat(remarks(name, low)).hasSize(1);
    }
    for (String high : new String[] {(most + 1) + "", "99999999999999999999"}) {
      assertThat(read.applyAsDouble(with(name, high))).isEqualTo(most);
      assertThat(remarks(name, high)).hasSize(1);
    }
    assertThat(read.applyAsDouble(with(name, " 60 minutes"))).isEqualTo(60);
    assertThat(read.applyAsDouble(with(name, "60.9"))).isEqualTo(60);
  }

  @Test
  void an_empty_environment_gives_the_standard_without_a_remark() {
    TimeoutEnvironment read = TimeoutEnvironment.read(Map.of());
    assertThat(read.limits()).isEqualTo(TimeoutLimits.STANDARD);
    assertThat(read.limits().defaults()).isEqualTo(new TimeoutPolicy(30, true, 720, 5));
    assertThat(read.cleanupInterval()).isEqualTo(Duration.ofMinutes(5));
    assertThat(read.clearOnShutdown()).isFalse();
    assertThat(read.remarks()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"true,true", "TRUE,false", "' true',false", "1,false", "yes,false", "false,false"})
  void only_the_text_true_clears_on_shutdown(String text, boolean expected) {
    assertThat(with("CLEAR_SESSIONS_ON_SHUTDOWN", text).clearOnShutdown()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"45,45,1440,30", "45,45,1440,", "5,5,60,3", "60,5,60,100"})
  void the_default_timeout_is_clamped_into_what_a_request_may_ask_for(
      double expected, String min, String max, String given) {
    TimeoutEnvironment read =
        TimeoutEnvironment.read(
            Map.of(
                "SESSION_MIN_TIMEOUT_MINUTES",
                min,
                "SESSION_MAX_TIMEOUT_MINUTES",
                max,
                "SESSION_DEFAULT_TIMEOUT_MINUTES",
                given == null ? "" : given));
    assertThat(read.limits().defaults().timeoutMinutes()).isEqualTo(expected);
    assertThat(read.remarks()).hasSize(1);
  }

  @Test
  void a_remark_names_the_variable_the_value_the_range_and_what_is_used() {
    assertThat(with("SESSION_WARNING_THRESHOLD_MINUTES", "90").remarks())
        .containsExactly("SESSION_WARNING_THRESHOLD_MINUTES is 90, outside 1 to 60; using 60");
    assertThat(with("SESSION_MAX_DURATION_MINUTES", "half a day").remarks())
        .containsExactly("SESSION_MAX_DURATION_MINUTES is no number: \"half a day\"; using 720");
  }

  @Property(tries = 300)
  void any_texts_give_limits_that_hold_together(
      @ForAll String min, @ForAll int max, @ForAll int timeout, @ForAll short duration) {
    TimeoutEnvironment read =
        TimeoutEnvironment.read(
            Map.of(
                "SESSION_MIN_TIMEOUT_MINUTES", min,
                "SESSION_MAX_TIMEOUT_MINUTES", max + min,
                "SESSION_DEFAULT_TIMEOUT_MINUTES", timeout + min,
                "SESSION_MAX_DURATION_MINUTES", duration + min));
    TimeoutLimits limits = read.limits();
    assertThat(limits.minMinutes()).isBetween(1, 60);
    assertThat(limits.maxMinutes()).isBetween(60, 10_080);
    assertThat(limits.defaults().timeoutMinutes())
        .isBetween((double) limits.minMinutes(), (double) limits.maxMinutes());
    assertThat(limits.defaults().maxDurationMinutes()).isBetween(60.0, 20_160.0);
  }

  @Test
  void limits_that_contradict_themselves_are_not_made() {
    TimeoutPolicy defaults = new TimeoutPolicy(30, true, 720, 5);
    assertThatThrownBy(() -> new TimeoutLimits(0, 60, defaults)).hasMessageContaining("0 and 60");
    assertThatThrownBy(() -> new TimeoutLimits(61, 60, defaults)).hasMessageContaining("61 and 60");
    assertThatThrownBy(() -> new TimeoutLimits(5, 10_081, defaults)).hasMessageContaining("10080");
    assertThatThrownBy(() -> new TimeoutLimits(31, 60, defaults)).hasMessageContaining("got 30");
  }
}
