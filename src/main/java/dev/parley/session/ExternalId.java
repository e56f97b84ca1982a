package dev.parley.session;

import java.util.Optional;

/** The rules for the name a client gives its session (trigger.md section 3.2). */
public final class ExternalId {
  public static final int MAX_LENGTH = 256;
  private static final String CHANNEL_MARK = ":channels:";

  private ExternalId() {}

  /** The id without white space around it, as {@code String.trim} of JavaScript understands it. */
  public static String trim(String given) {
    int from = 0;
    int to = given.length();
    while (from < to && isWhiteSpace(given.charAt(from))) {
      from++;
    }
    while (from < to && isWhiteSpace(given.charAt(to - 1))) {
      to--;
    }
    return given.substring(from, to);
  }

  /** ECMAScript's WhiteSpace and LineTerminator. */
  private static boolean isWhiteSpace(char c) {
    return c >= '\t' && c <= '\r'
        || c == '\u2028'
        || c == '\u2029'
        || c == '\ufeff'
        || Character.getType(c) == Character.SPACE_SEPARATOR;
  }

  /** What is wrong with the id, in words for its sender; empty when it is valid. */
  public static Optional<String> problem(String externalId) {
    if (externalId.isEmpty()) {
      return Optional.of("externalId must not be empty");
    }
    if (externalId.length() > MAX_LENGTH) {
      return Optional.of(
          "externalId must be at most " + MAX_LENGTH + " characters, got " + externalId.length());
    }
    if (!externalId.equals(trim(externalId))) {
      return Optional.of("externalId must not begin or end with white space");
    }
    if (externalId.startsWith(SessionId.PREFIX)) {
      return Optional.of("externalId must not start with '" + SessionId.PREFIX + "'");
    }
    if (externalId.contains(CHANNEL_MARK)) {
      return Optional.of("externalId must not contain '" + CHANNEL_MARK + "'");
    }
    return Text.problem(externalId).map(what -> "externalId " + what);
  }
}
