package dev.parley.agent;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A secret out of an environment variable. Shows itself to nobody who prints it. */
final class Secret {
  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  /**
   * @param environment the value of a variable, or null
   * @throws IllegalArgumentException when the variable is not set or holds what no header can; the
   *     message names the variable and never shows its value
   */
  static Secret of(String variable, Function<String, @Nullable String> environment) {
    String value = environment.apply(variable);
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException(
          "the environment variable " + variable + " is not set; put the secret there");
    }
    if (value.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw new IllegalArgumentException(
          "the environment variable "
              + variable
              + " holds white space, control or non-ASCII characters; mend it");
    }
    return new Secret(value);
  }

  String reveal() {
    return value;
  }

  /** The text without the secret. */
  String redact(String text) {
    return text.replace(value, "***");
  }

  @Override
  public String toString() {
    return "***";
  }
}
