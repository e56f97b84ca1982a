package dev.parley.agent;

import java.util.regex.Pattern;

/** What several kinds of agents demand of their configuration. */
final class Checks {
  private static final int MAX_HISTORY = 1_000;
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private Checks() {}

  static void history(int count) {
    if (count < 0 || count > MAX_HISTORY) {
      throw new IllegalArgumentException(
          "the history is " + count + "; it must be from 0 to " + MAX_HISTORY + " messages");
    }
  }

  static void variable(String name) {
    // Without the text: it may be the secret itself, written in the wrong place.
    if (!VARIABLE.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "must be the name of an environment variable (letters, digits and _), not the secret");
    }
  }
}
