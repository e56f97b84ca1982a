package dev.parley.entity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DueTimerTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

  @Test
  void a_timer_takes_every_time_that_a_client_may_name() {
    assertThat(DueTimer.pause(NOW, Instant.ofEpochMilli(-8_640_000_000_000_000L))).isZero();
    assertThat(DueTimer.pause(NOW, NOW)).isZero();
    assertThat(DueTimer.pause(NOW, NOW.plusMillis(5))).isEqualTo(Duration.ofMillis(6));
    assertThat(DueTimer.pause(NOW, Instant.ofEpochMilli(8_640_000_000_000_000L)))
        .isEqualTo(Duration.ofDays(100));
  }
}
