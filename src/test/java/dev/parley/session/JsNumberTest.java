package dev.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The expected values are those of Node.js. */
class JsNumberTest {
  /** All of ECMAScript's white space and line ends. */
  private static final String WHITE_SPACE =
      "\t\n\u000b\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
          + "\u200a\u2028\u2029\u202f\u205f\u3000\ufeff";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|0",
        "'  '|0",
        "0|0",
        "5.5|5.5",
        "' 30 '|30",
        "010|10",
        "0x10|16",
        "0XfF|255",
        "0o17|15",
        "0O7|7",
        "0b101|5",
        "0B1|1",
        "0x000000|0",
        "1e2|100",
        "1E+2|100",
        "1e-2|0.01",
        "+5|5",
        "-5|-5",
        "5.|5",
        ".5|0.5",
        "-.5e1|-5",
        "9007199254740993|9007199254740992",
        "0x20000000000003|9007199254740996",
        "Infinity|Infinity",
        "+Infinity|Infinity",
        "-Infinity|-Infinity",
        "10e308|Infinity",
        "-10e308|-Infinity",
        "1e99999999999999|Infinity",
        "1e-99999999999999|0",
        "1.7976931348623157e308|1.7976931348623157e308",
      })
  void text_that_holds_a_number(String text, double expected) {
    assertThat(JsNumber.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1,000",
        "12.34.56",
        "1_000",
        "thirty",
        "30 minutes",
        "3 0",
        "- 5",
        "--5",
        "+",
        "-",
        ".",
        "e5",
        "1e",
        "1e+",
        "1e1.5",
        "0x",
        "0b",
        "0o",
        "0xg",
        "0b2",
        "0o8",
        "-0x10",
        "+0b1",
        "0x1.8",
        "0x 1",
        "0x+1",
        "infinity",
        "INFINITY",
        "Infinity1",
        "NaN",
        "null",
        "true",
        "5n",
        "5f",
        "5d",
        "0x1p3",
        "\u0661\u0662",
        "0x\uff11",
        "\uff18",
        "5\u0000",
        "\u0085",
        "\u180e",
        "\u200b5",
      })
  void text_that_holds_no_number(String text) {
    assertThat(JsNumber.parse(text)).isNaN();
  }

  @Test
  void white_space_around_a_number_is_ignored() {
    assertThat(JsNumber.parse(WHITE_SPACE)).isZero();
    assertThat(JsNumber.parse(WHITE_SPACE + "0x1f" + WHITE_SPACE)).isEqualTo(31);
    assertThat(JsNumber.leadingInteger(WHITE_SPACE + "-7 " + WHITE_SPACE)).hasValue(-7);
  }

  @Provide
  Arbitrary<String> almostNumbers() {
    return Arbitraries.of("0", "1", "7", "12", "+", "-", ".", "e", "E", "308", "Infinity", " ", "_")
        .list()
        .ofMaxSize(7)
        .map(parts -> String.join("", parts));
  }

  @Property(tries = 2_000)
  void decimals_are_read_by_the_grammar(@ForAll("almostNumbers") String text) {
    Double expected = NaiveDecimal.parse(text);
    assertThat(JsNumber.parse(text)).isEqualTo(expected);
  }

  @Property
  void every_double_comes_back_from_its_text(@ForAll double number) {
    assertThat(JsNumber.parse(Double.toString(number))).isEqualTo(number);
    assertThat(JsNumber.parse(JsNumber.format(number))).isEqualTo(number + 0.0);
  }

  @Property
  void whole_numbers_of_any_size_are_read_in_every_base(
      @ForAll @IntRange(max = 1_100) int bits,
      @ForAll long seed,
      @ForAll @IntRange(max = 5) int zeros) {
    BigInteger number = new BigInteger(bits, new Random(seed));
    double expected = new BigDecimal(number).doubleValue();
    String padding = "0".repeat(zeros);
    assertThat(JsNumber.parse("0x" + padding + number.toString(16))).isEqualTo(expected);
    assertThat(JsNumber.parse("0X" + padding + number.toString(16).toUpperCase(Locale.ROOT)))
        .isEqualTo(expected);
    assertThat(JsNumber.parse("0o" + padding + number.toString(8))).isEqualTo(expected);
    assertThat(JsNumber.parse("0b" + padding + number.toString(2))).isEqualTo(expected);
    assertThat(JsNumber.parse(padding + number)).isEqualTo(expected);
  }

  @Test
  void the_largest_double_is_read_and_what_rounds_beyond_it_is_infinite() {
    BigInteger largest = new BigDecimal(Double.MAX_VALUE).toBigInteger();
    BigInteger halfway = largest.add(BigInteger.TWO.pow(970));
    assertThat(JsNumber.parse("0x" + largest.toString(16))).isEqualTo(Double.MAX_VALUE);
    assertThat(JsNumber.parse("0x" + halfway.subtract(BigInteger.ONE).toString(16)))
        .isEqualTo(Double.MAX_VALUE);
    assertThat(JsNumber.parse("0x" + halfway.toString(16))).isInfinite();
    assertThat(JsNumber.parse("0o" + "7".repeat(341))).isEqualTo(0x1.0p1023);
    assertThat(JsNumber.parse("0o" + "7".repeat(342))).isInfinite();
  }

  @Test
  void two_megabytes_of_digits_take_no_time_worth_speaking_of() {
    int many = 2_000_000;
    List<String> texts =
        List.of(
            "1".repeat(many) + "x",
            "0x" + "f".repeat(many),
            "0b" + "0".repeat(many) + "1",
            "1." + "1".repeat(many) + "e" + "1".repeat(many));
    long start = System.nanoTime();
    texts.forEach(JsNumber::parse);
    assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
  }

  @ParameterizedTest
  @CsvSource({
    "30,30",
    "' 30',30",
    "30 minutes,30",
    "30.9,30",
    "1e3,1",
    "-5,-5",
    "+5,5",
    "010,10",
    "0x10,0",
    "'1,000',1",
    "1_000,1",
    "99999999999999999999,9223372036854775807",
    "-99999999999999999999,-9223372036854775807",
    "9223372036854775807,9223372036854775807",
  })
  void the_whole_number_at_the_beginning(String text, long expected) {
    assertThat(JsNumber.leadingInteger(text)).hasValue(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "x30", "-", "+", "--5", ".5", "Infinity", "NaN", "\u0661"})
  void no_whole_number_at_the_beginning(String text) {
    assertThat(JsNumber.leadingInteger(text)).isEqualTo(OptionalLong.empty());
  }

  @ParameterizedTest
  @CsvSource({
    "30,30",
    "5.5,5.5",
    "-3,-3",
    "0,0",
    "9007199254740992,9007199254740992",
    "1e300,1.0E300"
  })
  void whole_numbers_are_written_without_a_fraction(double number, String expected) {
    assertThat(JsNumber.format(number)).isEqualTo(expected);
  }

  /** ECMAScript's StrDecimalLiteral, one production after the other. */
  private static final class NaiveDecimal {
    private final String text;
    private int at;

    private NaiveDecimal(String text) {
      this.text = text;
    }

    static double parse(String given) {
      String text = given.strip();
      if (text.isEmpty()) {
        return 0;
      }
      boolean negative = text.startsWith("-");
      String unsigned = negative || text.startsWith("+") ? text.substring(1) : text;
      double value =
          unsigned.equals("Infinity")
              ? Double.POSITIVE_INFINITY
              : new NaiveDecimal(unsigned).unsigned();
      return negative ? -value : value;
    }

    private double unsigned() {
      String whole = digits();
      String fraction = "";
      if (skip('.')) {
        fraction = digits();
      }
      if (whole.isEmpty() && fraction.isEmpty()) {
        return Double.NaN;
      }
      BigInteger exponent = BigInteger.ZERO;
      if (skip('e') || skip('E')) {
        boolean negative = skip('-');
        if (!negative) {
          skip('+');
        }
        String digits = digits();
        if (digits.isEmpty()) {
          return Double.NaN;
        }
        exponent = new BigInteger((negative ? "-" : "") + digits);
      }
      return at < text.length() ? Double.NaN : value(whole, fraction, exponent);
    }

    private static double value(String whole, String fraction, BigInteger exponent) {
      BigDecimal mantissa = new BigDecimal("0" + whole + "." + fraction + "0");
      if (mantissa.signum() == 0) {
        return 0;
      }
      int bounded = exponent.max(BigInteger.valueOf(-900)).min(BigInteger.valueOf(900)).intValue();
      return mantissa.scaleByPowerOfTen(bounded).doubleValue();
    }

    private String digits() {
      int from = at;
      while (at < text.length() && "0123456789".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
      return text.substring(from, at);
    }

    private boolean skip(char c) {
      boolean there = at < text.length() && text.charAt(at) == c;
      at += there ? 1 : 0;
      return there;
    }
  }
}
