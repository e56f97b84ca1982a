package dev.parley.session;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/** ISO-8601, UTC, always three digits of milliseconds, as {@code Date.toISOString} writes it. */
public final class IsoTime {
  private static final DateTimeFormatter MILLIS =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter().withZone(ZoneOffset.UTC);

  private IsoTime() {}

  public static String format(Instant instant) {
    return MILLIS.format(instant);
  }
}
