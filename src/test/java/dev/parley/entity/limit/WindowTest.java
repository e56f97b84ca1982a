package dev.parley.entity.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WindowTest {
  private static final Duration LENGTH = Duration.ofMinutes(15);
  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

  @Test
  void begins_with_the_first_that_is_counted_and_ends_with_its_length() {
    Window window = Window.NONE.with(LENGTH, NOON);
    assertThat(window).isEqualTo(new Window(NOON.plus(LENGTH), 1));
    assertThat(window.left(NOON.plusSeconds(60))).isEqualTo(Duration.ofMinutes(14));
    Window second = window.with(Duration.ofHours(1), NOON.plusSeconds(60));
    assertThat(second).isEqualTo(new Window(NOON.plus(LENGTH), 2));
    assertThat(second.isOver(NOON.plus(LENGTH).minusMillis(1))).isFalse();
    Window next = second.with(Duration.ofHours(1), NOON.plus(LENGTH));
    assertThat(next).isEqualTo(new Window(NOON.plus(LENGTH).plus(Duration.ofHours(1)), 1));
  }

  @Test
  void no_more_than_the_limit_is_allowed_in_it() {
    Window window = Window.NONE;
    for (int i = 0; i < 3; i++) {
      assertThat(window.allows(3, NOON)).isTrue();
      window = window.with(LENGTH, NOON);
    }
    assertThat(window.allows(3, NOON.plus(LENGTH).minusMillis(1))).isFalse();
    assertThat(window.allows(3, NOON.plus(LENGTH))).isTrue();
  }

  @Test
  void what_is_taken_back_can_be_taken_again() {
    Window full = Window.NONE.with(LENGTH, NOON);
    assertThat(full.allows(1, NOON)).isFalse();
    assertThat(full.without().allows(1, NOON)).isTrue();
    assertThat(full.without().ends()).isEqualTo(full.ends());
    assertThat(Window.NONE.without().allows(1, NOON)).isTrue();
  }
}
