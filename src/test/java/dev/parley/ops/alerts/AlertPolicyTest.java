package dev.parley.ops.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Alerts are retried with back-off (web-runtime.md section 8). */
class AlertPolicyTest {
  private static final AlertPolicy POLICY =
      new AlertPolicy(
          Duration.ofMinutes(1),
          100,
          6,
          Duration.ofSeconds(1),
          Duration.ofSeconds(30),
          Duration.ofSeconds(10));

  @ParameterizedTest
  @CsvSource({"1, PT1S", "2, PT2S", "3, PT4S", "5, PT16S", "6, PT30S", "1000, PT30S"})
  void pauses_double_up_to_the_longest(int tried, Duration pause) {
    assertThat(POLICY.pauseAfter(tried)).isEqualTo(pause);
  }
}
