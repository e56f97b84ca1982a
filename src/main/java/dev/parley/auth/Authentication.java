package dev.parley.auth;

/** The outcome of looking at a credential; a caller cannot forget the refusal. */
public sealed interface Authentication {
  record Accepted(Credential credential) implements Authentication {}

  /**
   * Answered with status 401.
   *
   * @param error the {@code error} of the body (trigger.md 1.2); never holds any of what was sent
   */
  record Refused(String error) implements Authentication {}
}
