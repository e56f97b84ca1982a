package dev.parley.session;

import java.util.OptionalDouble;

/**
 * A setting as it came in, before anybody judged it: a field of a request's JSON or one of an
 * agent's settings (eliza.md sections 3.2 and 3.3).
 */
public sealed interface SettingValue {
  /** The field is not there. A JSON {@code null} is there: it is an {@link Other}. */
  record Absent() implements SettingValue {}

  /**
   * @param value any double; a JSON number beyond the range is an infinity
   */
  record OfNumber(double value) implements SettingValue {}

  record OfText(String value) implements SettingValue {}

  record OfBoolean(boolean value) implements SettingValue {}

  /**
   * Anything else.
   *
   * @param what in words for an error text, such as {@code null} or {@code an array}
   */
  record Other(String what) implements SettingValue {}

  /** The finite number that this is, or that its text holds for JavaScript's {@code Number()}. */
  default OptionalDouble finiteNumber() {
    double number = Double.NaN;
    if (this instanceof OfNumber given) {
      number = given.value();
    } else if (this instanceof OfText given) {
      number = JsNumber.parse(given.value());
    }
    return Double.isFinite(number) ? OptionalDouble.of(number) : OptionalDouble.empty();
  }

  /** The value in words for an error text; a long text is cut. */
  default String shown() {
    if (this instanceof OfNumber given) {
      return JsNumber.format(given.value());
    }
    if (this instanceof OfText given) {
      String text = given.value();
      return Envelope.quote(text.length() > 40 ? text.substring(0, 40) + "…" : text);
    }
    if (this instanceof OfBoolean given) {
      return Boolean.toString(given.value());
    }
    return this instanceof Other given ? given.what() : "nothing";
  }
}
