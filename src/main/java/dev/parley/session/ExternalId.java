package dev.parley.session;

import java.util.Optional;

/** The rules for the name a client gives its session (trigger.md section 3.2). */
public final class ExternalId {
  public static final int MAX_LENGTH = 256;
  private static final String CHANNEL_MARK = ":channels:";

  private ExternalId() {}

  /** What is wrong with the id, in words for its sender; empty when it is valid. */
  public static Optional<String> problem(String externalId) {
    if (externalId.isEmpty()) {
      return Optional.of("externalId must not be empty");
    }
    if (externalId.length() > MAX_LENGTH) {
      return Optional.of(
          "externalId must be at most " + MAX_LENGTH + " characters, got " + externalId.length());
    }
    if (!externalId.equals(externalId.trim())) {
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
