package dev.parley;

/** A setting can't be used. The message says what, where and how to mend it. */
final class ConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ConfigurationException(String message) {
    super(message);
  }
}
