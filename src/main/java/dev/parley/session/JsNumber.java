package dev.parley.session;

import java.math.BigInteger;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Numbers in text as JavaScript reads them, because clients of the messaging face may send text
 * where a number is meant (eliza.md section 3.3).
 */
public final class JsNumber {
  /** Possessive throughout: the time to refuse a long text grows only with its length. */
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?+(?:[0-9]++(?:\\.[0-9]*+)?+|\\.[0-9]++)(?:[eE][+-]?+[0-9]++)?+");

  private static final Pattern INFINITE = Pattern.compile("[+-]?+Infinity");

  /** A double holds no whole number of more binary digits. */
  private static final int MAX_BINARY_DIGITS = 1024;

  private static final long MAX_EXACT = 1L << 53;

  private JsNumber() {}

  /**
   * What {@code Number(text)} gives: white space around is ignored, blank text is 0, {@code 0x},
   * {@code 0o} and {@code 0b} begin whole numbers without a sign, digits have no separators.
   *
   * @return NaN for text that holds no number, an infinity for one beyond the range
   */
  public static double parse(String text) {
    String trimmed = ExternalId.trim(text);
    if (trimmed.isEmpty()) {
      return 0;
    }
    int bitsPerDigit = bitsPerDigit(trimmed);
    if (bitsPerDigit > 0) {
      return wholeNumber(trimmed.substring(2), bitsPerDigit);
    }
    if (INFINITE.matcher(trimmed).matches()) {
      return trimmed.charAt(0) == '-' ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    return DECIMAL.matcher(trimmed).matches() ? Double.parseDouble(trimmed) : Double.NaN;
  }

  /**
   * What {@code parseInt(text, 10)} gives: the whole number at the beginning, whatever follows it.
   *
   * @return empty when the text does not begin with one; the nearest long for one beyond the range
   */
  public static OptionalLong leadingInteger(String text) {
    String trimmed = ExternalId.trim(text);
    boolean negative = trimmed.startsWith("-");
    int from = negative || trimmed.startsWith("+") ? 1 : 0;
    int to = from;
    long magnitude = 0;
    while (to < trimmed.length() && isDigit(trimmed.charAt(to))) {
      int digit = trimmed.charAt(to++) - '0';
      magnitude =
          magnitude > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : magnitude * 10 + digit;
    }
    return to == from ? OptionalLong.empty() : OptionalLong.of(negative ? -magnitude : magnitude);
  }

  /** The number as a person writes it: whole numbers without a fraction. */
  public static String format(double number) {
    return number == Math.rint(number) && Math.abs(number) <= MAX_EXACT
        ? Long.toString((long) number)
        : Double.toString(number);
  }

  /** How many bits a digit has after the prefix of the text; 0 when it has no such prefix. */
  private static int bitsPerDigit(String text) {
    if (text.length() < 2 || text.charAt(0) != '0') {
      return 0;
    }
    return switch (text.charAt(1)) {
      case 'x', 'X' -> 4;
      case 'o', 'O' -> 3;
      case 'b', 'B' -> 1;
      default -> 0;
    };
  }

  private static double wholeNumber(String digits, int bitsPerDigit) {
    int radix = 1 << bitsPerDigit;
    int from = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c > 'f' || Character.digit(c, radix) < 0) {
        return Double.NaN;
      }
      from = c == '0' && from == i ? i + 1 : from;
    }
    if (digits.isEmpty()) {
      return Double.NaN;
    }
    int significant = digits.length() - from;
    if (significant == 0) {
      return 0;
    }
    // The first digit is not 0, so the others alone put the number at or above 2^1024.
    return (long) (significant - 1) * bitsPerDigit >= MAX_BINARY_DIGITS
        ? Double.POSITIVE_INFINITY
        : new BigInteger(digits.substring(from), radix).doubleValue();
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
