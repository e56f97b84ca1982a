package dev.parley.session;

import java.util.Optional;

/** What every name and label must be, so that it can be stored and given back unchanged. */
public final class Text {
  private Text() {}

  /** Says why the text can't be kept: a NUL character or half of a surrogate pair. */
  public static Optional<String> problem(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return Optional.of("must not contain the NUL character");
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return Optional.of("must be well-formed Unicode (found half of a surrogate pair)");
      }
    }
    return Optional.empty();
  }
}
