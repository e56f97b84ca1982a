package dev.parley.agent;

import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RetryAfter;

/** How long another server asks to wait: seconds or a date (RFC 9110, section 10.2.3). */
final class RetryAfterHeader {
  private static final Duration LONGEST = Duration.ofDays(1);

  private RetryAfterHeader() {}

  /** From zero, which is also for a header that is missing or can't be read, to a day. */
  static Duration of(HttpResponse response) {
    Optional<RetryAfter> header = response.getHeader(RetryAfter.class);
    long millis =
        header
            .flatMap(RetryAfter::getDelaySeconds)
            .map(seconds -> Math.min(seconds, LONGEST.toSeconds()) * 1_000)
            .or(
                () ->
                    header
                        .flatMap(RetryAfter::getDateTime)
                        .map(date -> date.clicks() - System.currentTimeMillis()))
            .orElse(0L);
    return Duration.ofMillis(Math.max(0, Math.min(millis, LONGEST.toMillis())));
  }
}
