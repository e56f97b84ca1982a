package dev.parley.http.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.entity.limit.Usage;
import java.time.Duration;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.junit.jupiter.api.Test;

/** eliza.md section 1: what one address may ask for, and how it is told. */
class RateLimitTest {
  private static final Duration WINDOW = Duration.ofSeconds(10);

  @Test
  void what_is_left_and_for_how_long_is_told_in_whole_seconds() {
    assertThat(RateLimit.headers(new Usage(2, 1, WINDOW, Duration.ofMillis(5_500))))
        .extracting(HttpHeader::toString)
        .containsExactly(
            "RateLimit-Policy: 2;w=10",
            "RateLimit-Limit: 2",
            "RateLimit-Remaining: 1",
            "RateLimit-Reset: 6");
    assertThat(RateLimit.headers(new Usage(2, 3, WINDOW, Duration.ZERO)))
        .extracting(HttpHeader::value)
        .containsExactly("2;w=10", "2", "0", "1");
  }

  @Test
  void without_a_limit_nothing_is_told() {
    assertThat(RateLimit.headers(new Usage(0, 0, WINDOW, Duration.ZERO))).isEmpty();
  }
}
