package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TriesTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000);

  private Tries tries(Duration patience) {
    return new Tries(patience, now::get, new Random(7));
  }

  private long pauseMillis(Tries tries, Duration asked) {
    long pause = tries.pauseAfterFailure(asked).orElseThrow().toMillis();
    now.addAndGet(Duration.ofMillis(pause).toNanos());
    return pause;
  }

  @Test
  void pauses_double_from_100_ms_to_5_s_less_up_to_a_half() {
    Tries tries = tries(Duration.ofHours(1));
    for (long longest : new long[] {100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000}) {
      assertThat(pauseMillis(tries, Duration.ZERO)).isBetween(longest / 2, longest);
    }
  }

  @Test
  void what_the_server_asks_for_is_added_to() {
    assertThat(pauseMillis(tries(Duration.ofHours(1)), Duration.ofSeconds(3)))
        .isBetween(3_050L, 3_100L);
  }

  @Test
  void ends_when_the_next_try_would_come_behind_the_end_of_patience() {
    Tries tries = tries(Duration.ofSeconds(1));
    assertThat(tries.pauseAfterFailure(Duration.ZERO)).isPresent();
    now.addAndGet(Duration.ofMillis(950).toNanos());
    assertThat(tries.pauseAfterFailure(Duration.ZERO)).isEmpty();
    assertThat(tries(Duration.ofSeconds(1)).pauseAfterFailure(Duration.ofSeconds(2))).isEmpty();
    assertThat(tries(Duration.ZERO).pauseAfterFailure(Duration.ZERO)).isEmpty();
  }

  @Test
  void begins_anew_behind_a_success() {
    Tries tries = tries(Duration.ofSeconds(1));
    for (int i = 0; i < 20; i++) {
      assertThat(pauseMillis(tries, Duration.ZERO)).isBetween(50L, 100L);
      now.addAndGet(Duration.ofMinutes(1).toNanos());
      tries.succeeded();
    }
  }
}
