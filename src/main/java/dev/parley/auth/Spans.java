package dev.parley.auth;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Spans of time as people write them: {@code 30s}, {@code 10m}, {@code 1.5 hours}, {@code 7d},
 * {@code 1w}. A number, at most one space and a unit of trigger.md 2.2 in any case; a year has
 * 365.25 days, as in the client's own parser.
 */
public final class Spans {
  private static final Duration LONGEST = Duration.ofDays(365_250);

  /** Long enough for any span that means something, short enough to calculate with. */
  private static final int MAX_LENGTH = 100;

  private static final Pattern SPAN =
      Pattern.compile(
          "(\\d+(?:\\.\\d+)?) ?(seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w"
              + "|years?|yrs?|y)",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern SIGNED =
      Pattern.compile(
          "(?<sign>[+-])? ?(?<span>\\d.*?)(?: (?<suffix>ago|from now))?", Pattern.CASE_INSENSITIVE);

  private Spans() {}

  /**
   * The span, in milliseconds' precision. Empty for any other text and for more than 1 000 years,
   * so that adding the result to the present never overflows.
   */
  public static Optional<Duration> parse(String text) {
    return seconds(text)
        .filter(seconds -> seconds.compareTo(BigDecimal.valueOf(LONGEST.toSeconds())) <= 0)
        .map(seconds -> seconds.movePointRight(3).setScale(0, RoundingMode.HALF_UP))
        .map(millis -> Duration.ofMillis(millis.longValueExact()));
  }

  /**
   * A span with a direction, {@code (+|-)?N unit (ago|from now)?}, in seconds and without a bound;
   * negative for the past. Empty when it has both a sign and a suffix.
   */
  static Optional<BigDecimal> signedSeconds(String text) {
    Matcher signed = SIGNED.matcher(text);
    if (text.length() > MAX_LENGTH || !signed.matches()) {
      return Optional.empty();
    }
    String sign = signed.group("sign");
    String suffix = signed.group("suffix");
    if (sign != null && suffix != null) {
      return Optional.empty();
    }
    boolean past = "-".equals(sign) || "ago".equalsIgnoreCase(suffix);
    return seconds(signed.group("span")).map(value -> past ? value.negate() : value);
  }

  private static Optional<BigDecimal> seconds(String text) {
    Matcher span = SPAN.matcher(text);
    if (text.length() > MAX_LENGTH || !span.matches()) {
      return Optional.empty();
    }
    long unit = secondsOf(span.group(2).toLowerCase(Locale.ROOT).charAt(0));
    return Optional.of(new BigDecimal(span.group(1)).multiply(BigDecimal.valueOf(unit)));
  }

  /** The first letter tells the units of {@link #SPAN} apart. */
  private static long secondsOf(char unit) {
    return switch (unit) {
      case 's' -> 1;
      case 'm' -> 60;
      case 'h' -> 3_600;
      case 'd' -> 86_400;
      case 'w' -> 604_800;
      case 'y' -> 31_557_600;
      default -> throw new IllegalStateException("no unit begins with " + unit);
    };
  }
}
