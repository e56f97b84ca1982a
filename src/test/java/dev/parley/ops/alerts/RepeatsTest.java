package dev.parley.ops.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class RepeatsTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private Instant now = START;
  private final Repeats repeats =
      new Repeats(
          Duration.ofMinutes(1),
          new Clock() {
            @Override
            public java.time.ZoneId getZone() {
              return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
              return this;
            }

            @Override
            public Instant instant() {
              return now;
            }
          });

  private static Alert alert(String text) {
    return new Alert(Alert.Kind.ERROR, "dev.parley.X", text, List.of(), START, 0);
  }

  @Test
  void the_same_is_told_once_in_a_minute_with_the_number_left_out() {
    assertThat(repeats.admit(alert("a"))).contains(alert("a"));
    for (int i = 0; i < 5; i++) {
      now = now.plusSeconds(10);
      assertThat(repeats.admit(alert("a"))).isEmpty();
    }
    now = START.plusSeconds(60);
    assertThat(repeats.admit(alert("a"))).contains(alert("a").repeated(5));
    now = now.plusSeconds(60);
    assertThat(repeats.admit(alert("a"))).contains(alert("a"));
  }

  @Test
  void something_else_is_told_meanwhile() {
    repeats.admit(alert("a"));
    assertThat(repeats.admit(alert("b"))).isPresent();
  }

  @Test
  void the_same_failure_is_the_same_whatever_the_text() {
    StackTraceElement frame = new StackTraceElement("X", "y", "X.java", 7);
    Alert.Cause cause = new Alert.Cause("java.io.IOException", List.of(frame));
    Alert one = new Alert(Alert.Kind.ERROR, "X", "request 1", List.of(cause), START, 0);
    Alert two = new Alert(Alert.Kind.ERROR, "X", "request 2", List.of(cause), START, 0);
    assertThat(repeats.admit(one)).isPresent();
    assertThat(repeats.admit(two)).isEmpty();
  }

  @Test
  void what_is_known_is_bounded() {
    repeats.admit(alert("first"));
    for (int i = 0; i < 500; i++) {
      repeats.admit(alert("other " + i));
    }
    assertThat(repeats.admit(alert("first"))).isPresent();
  }
}
