package dev.parley.session;

import java.util.Optional;

/** What every name and label must be, so that it can be stored and given back unchanged. */
public final class Text {
  private Text() {}

  /**
   * Where the first half of a surrogate pair without its other half stands; -1 for nowhere.
   *
   * @param from where to begin, not in the middle of a pair
   */
  public static int halfPair(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * JSON text that can be written as UTF-8: halves of surrogate pairs, which stand nowhere but in
   * its strings, become escapes as {@code JSON.stringify} writes them.
   */
  public static String escapeHalfPairs(String json) {
    int half = halfPair(json, 0);
    if (half < 0) {
      return json;
    }
    StringBuilder out = new StringBuilder(json.length() + 16);
    int plain = 0;
    for (; half >= 0; half = halfPair(json, plain)) {
      out.append(json, plain, half).append("\\u").append(Integer.toHexString(json.charAt(half)));
      plain = half + 1;
    }
    return out.append(json, plain, json.length()).toString();
  }

  /** Says why the text can't be kept: a NUL character or half of a surrogate pair. */
  public static Optional<String> problem(String text) {
    if (text.indexOf(0) >= 0) {
      return Optional.of("must not contain the NUL character");
    }
    return halfPair(text, 0) < 0
        ? Optional.empty()
        : Optional.of("must be well-formed Unicode (found half of a surrogate pair)");
  }
}
