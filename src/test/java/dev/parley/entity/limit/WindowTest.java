package dev.parley.entity.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A window by a clock that overflows in the middle of it. */
class WindowTest {
  private static final Duration LENGTH = Duration.ofSeconds(10);
  private static final long START = Long.MAX_VALUE - 5;

  private static long after(int millis) {
    return START + Duration.ofMillis(millis).toNanos();
  }

  @Test
  void begins_with_the_first_that_is_taken_and_ends_with_its_length() {
    Window window = Window.first(START, LENGTH);
    assertThat(window.count()).isEqualTo(1);
    assertThat(window.left(START)).isEqualTo(LENGTH);
    Window second = window.take(after(4_500), Duration.ofHours(1));
    assertThat(second.count()).isEqualTo(2);
    assertThat(second.left(after(4_500))).isEqualTo(Duration.ofMillis(5_500));
    assertThat(second.take(after(9_999), LENGTH).count()).isEqualTo(3);
    Window next = second.take(after(10_000), Duration.ofHours(1));
    assertThat(next.count()).isEqualTo(1);
    assertThat(next.left(after(10_000))).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void what_is_left_is_never_more_than_its_length() {
    assertThat(Window.first(START, LENGTH).left(START - 1)).isEqualTo(LENGTH);
  }
}
