package dev.parley.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeoutPolicyTest {
  @ParameterizedTest
  @CsvSource({"30,1800000", "5.5,330000", "8.7,522000", "5.1,306000", "5.00001,300001", "1,60000"})
  void fractions_of_a_minute_are_legal_and_count_to_the_millisecond(double minutes, long millis) {
    TimeoutPolicy policy = new TimeoutPolicy(minutes, true, minutes, minutes);
    Duration expected = Duration.ofMillis(millis);
    assertThat(policy.timeout()).isEqualTo(expected);
    assertThat(policy.maxDuration()).isEqualTo(expected);
    assertThat(policy.warningThreshold()).isEqualTo(expected);
  }

  @Property
  void a_duration_is_less_than_a_millisecond_away_from_its_minutes(
      @ForAll @DoubleRange(min = 1, max = 20_160) double minutes) {
    BigDecimal exact = new BigDecimal(minutes).multiply(BigDecimal.valueOf(60_000));
    assertThat(new TimeoutPolicy(minutes, true, 1, 1).timeout().toMillis())
        .isBetween(
            exact.setScale(0, RoundingMode.FLOOR).longValueExact(),
            exact.setScale(0, RoundingMode.CEILING).longValueExact());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.99, -5, 20_160.1, 1e300, Double.NaN, Double.POSITIVE_INFINITY})
  void what_lies_outside_every_bound_is_no_policy(double minutes) {
    assertThatThrownBy(() -> new TimeoutPolicy(minutes, true, 720, 5))
        .hasMessageStartingWith("timeoutMinutes must be a number from 1 to 20160, got");
    assertThatThrownBy(() -> new TimeoutPolicy(30, true, minutes, 5))
        .hasMessageStartingWith("maxDurationMinutes must be");
  }

  @Test
  void a_warning_threshold_has_no_upper_bound_but_is_finite() {
    assertThat(new TimeoutPolicy(30, true, 720, Double.MAX_VALUE).warningThreshold())
        .isEqualTo(Duration.ofMillis(Long.MAX_VALUE));
    for (double wrong : new double[] {0.5, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> new TimeoutPolicy(30, true, 720, wrong))
          .hasMessageStartingWith("warningThresholdMinutes must be");
    }
  }
}
