package dev.parley.http.messaging;

import dev.parley.session.JsNumber;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Which messages {@code GET …/messages} is to show (eliza.md section 6.3).
 *
 * @param after only newer ones; Unix milliseconds, {@link #ALL_AFTER} for all
 * @param before only older ones; Unix milliseconds, {@link #ALL_BEFORE} for all
 * @param isForward whether the page holds what comes next, not what was last
 */
record HistoryRequest(int limit, long after, long before, boolean isForward) {
  static final long ALL_AFTER = -1;
  static final long ALL_BEFORE = Long.MAX_VALUE;

  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 100;

  /** The most milliseconds from 1970 that a date of JavaScript can have. */
  private static final long MAX_TIME = 8_640_000_000_000_000L;

  private static final Pattern WHOLE = Pattern.compile("\\s*[+-]?[0-9]{1,18}(\\.[0-9]*)?\\s*");

  /**
   * @throws MessagingRefused 400 for a cursor that is no time
   */
  static HistoryRequest read(MessagingCall call) {
    OptionalLong before = cursor(call, "before");
    OptionalLong after = cursor(call, "after");
    long limit =
        call.query("limit")
            .map(JsNumber::leadingInteger)
            .orElse(OptionalLong.empty())
            .orElse(DEFAULT_LIMIT);
    return new HistoryRequest(
        (int) Math.max(1, Math.min(MAX_LIMIT, limit)),
        Math.max(after.orElse(ALL_AFTER), ALL_AFTER),
        before.orElse(ALL_BEFORE),
        after.isPresent() && before.isEmpty());
  }

  private static OptionalLong cursor(MessagingCall call, String name) {
    return call.query(name)
        .map(text -> OptionalLong.of(time(name, text)))
        .orElse(OptionalLong.empty());
  }

  private static long time(String name, String text) {
    OptionalLong millis = WHOLE.matcher(text).matches() ? JsNumber.leadingInteger(text) : iso(text);
    if (millis.isEmpty()) {
      throw refused(name, text, "Must be milliseconds since 1970, or an ISO 8601 time");
    }
    if (Math.abs(millis.getAsLong()) > MAX_TIME) {
      throw refused(name, text, "Must be within 8640000000000000 of 1970");
    }
    return millis.getAsLong();
  }

  private static OptionalLong iso(String text) {
    try {
      return OptionalLong.of(OffsetDateTime.parse(text.strip()).toInstant().toEpochMilli());
    } catch (DateTimeParseException e) {
      return OptionalLong.empty();
    }
  }

  private static MessagingRefused refused(String name, String text, String reason) {
    return MessagingError.invalidPagination(name, text, reason).refused();
  }
}
