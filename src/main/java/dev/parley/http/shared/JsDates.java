package dev.parley.http.shared;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Dates as {@code new Date(x)} takes them: milliseconds, ISO-8601 in its shortened forms, RFC 1123
 * and the form that {@code Date.toString} and people write. Without a zone it is UTC.
 */
public final class JsDates {
  /** The bound of ECMAScript's time values: 100 000 000 days around 1970. */
  private static final long MAX_MILLIS = 8_640_000_000_000_000L;

  /** Of the names of days and months JavaScript reads three letters. */
  private static final Pattern LONG_NAME =
      Pattern.compile(
          "(?i)\\b(sun|mon|tue|wed|thu|fri|sat|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]+");

  private static final List<Function<String, Instant>> FORMS =
      List.of(
          text -> OffsetDateTime.parse(text).toInstant(),
          text -> LocalDateTime.parse(text).toInstant(ZoneOffset.UTC),
          text -> LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC),
          text -> LocalDate.parse(text + "-01").atStartOfDay().toInstant(ZoneOffset.UTC),
          text -> LocalDate.parse(text + "-01-01").atStartOfDay().toInstant(ZoneOffset.UTC),
          text -> ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant(),
          text -> OffsetDateTime.parse(text, lenient("yyyy-MM-dd HH:mm[:ss][.SSS]XX")).toInstant(),
          text -> utc(text, "yyyy-MM-dd HH:mm[:ss][.SSS]"),
          text -> utc(text, "[EEE, ][EEE ]MMM d[','] yyyy HH:mm[:ss]"),
          text ->
              OffsetDateTime.parse(text, lenient("EEE MMM d yyyy HH:mm:ss 'GMT'XX[ (zzzz)]"))
                  .toInstant(),
          text -> day(text, "[EEE, ][EEE ]MMM d[','] yyyy"),
          text -> day(text, "d MMM yyyy"),
          text -> day(text, "M/d/yyyy"));

  private JsDates() {}

  /** The instant that a JSON value stands for, to the millisecond. */
  public static Optional<Instant> parse(JsonNode value) {
    if (value.isNumber()) {
      double millis = value.doubleValue();
      return Math.abs(millis) <= MAX_MILLIS
          ? Optional.of(Instant.ofEpochMilli((long) millis))
          : Optional.empty();
    }
    return value.isTextual() ? parse(value.textValue().trim()) : Optional.empty();
  }

  private static Optional<Instant> parse(String text) {
    if (text.length() > 64) {
      return Optional.empty();
    }
    String shortened = LONG_NAME.matcher(text).replaceAll("$1");
    for (Function<String, Instant> form : FORMS) {
      try {
        long millis = form.apply(shortened).toEpochMilli();
        return Math.abs(millis) <= MAX_MILLIS
            ? Optional.of(Instant.ofEpochMilli(millis))
            : Optional.empty();
      } catch (DateTimeException | ArithmeticException e) {
        // Not in this form; the next one is tried.
      }
    }
    return Optional.empty();
  }

  private static Instant utc(String text, String pattern) {
    return LocalDateTime.parse(text, lenient(pattern)).toInstant(ZoneOffset.UTC);
  }

  private static Instant day(String text, String pattern) {
    return LocalDate.parse(text, lenient(pattern)).atStartOfDay().toInstant(ZoneOffset.UTC);
  }

  private static DateTimeFormatter lenient(String pattern) {
    return new DateTimeFormatterBuilder()
        .parseCaseInsensitive()
        .appendPattern(pattern)
        .toFormatter(Locale.ENGLISH);
  }
}
