package dev.parley.http.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** eliza.md section 1: what one address may ask for. */
class RateLimitTest {
  private static final Duration WINDOW = Duration.ofSeconds(10);

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void a_window_begins_with_the_first_request_of_an_address_and_ends() {
    RateLimit limit = new RateLimit(2, WINDOW, nanos::get);
    assertThat(limit.take("a").isAllowed()).isTrue();
    pass(Duration.ofMillis(4_500));
    assertThat(limit.take("a").isAllowed()).isTrue();
    RateLimit.Usage refused = limit.take("a");
    assertThat(refused.isAllowed()).isFalse();
    assertThat(refused.secondsUntilReset()).isEqualTo(6);
    assertThat(limit.take("b").isAllowed()).isTrue();
    pass(Duration.ofMillis(5_499));
    assertThat(limit.take("a").isAllowed()).isFalse();
    pass(Duration.ofMillis(1));
    assertThat(limit.take("a").isAllowed()).isTrue();
    assertThat(limit.take("a").isAllowed()).isTrue();
    assertThat(limit.take("a").isAllowed()).isFalse();
  }

  @Test
  void without_a_limit_nothing_is_counted_or_told() {
    RateLimit none = new RateLimit(0, WINDOW, nanos::get);
    for (int i = 0; i < 10; i++) {
      RateLimit.Usage usage = none.take("a");
      assertThat(usage.isAllowed()).isTrue();
      assertThat(usage.headers()).isEmpty();
    }
  }

  @Test
  void many_addresses_do_not_add_up_for_ever() {
    RateLimit limit = new RateLimit(1, WINDOW, nanos::get);
    for (int i = 0; i <= 100_000; i++) {
      assertThat(limit.take("address " + i).isAllowed()).isTrue();
    }
    assertThat(limit.take("address 100000").isAllowed()).isFalse();
    assertThat(limit.take("address 0").isAllowed()).isTrue();
  }
}
