package dev.parley.client;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Set;

/** Which refusals pass, and how long a server asks to wait (RFC 9110, section 10.2.3). */
final class RetryAfter {
  private static final Set<Integer> PASSING_BELOW_500 = Set.of(408, 429);

  private RetryAfter() {}

  /** Whether the same request may succeed later. */
  static boolean passes(int status) {
    return status >= 500 || PASSING_BELOW_500.contains(status);
  }

  /** Zero without a header that can be read. */
  static Duration of(HttpHeaders headers, Instant now) {
    String value = headers.firstValue("Retry-After").orElse("").trim();
    if (value.matches("[0-9]{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(value));
    }
    try {
      Instant date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return date.isAfter(now) ? Duration.between(now, date) : Duration.ZERO;
    } catch (DateTimeParseException e) {
      return Duration.ZERO;
    }
  }
}
