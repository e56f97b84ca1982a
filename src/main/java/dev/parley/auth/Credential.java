package dev.parley.auth;

import java.time.Instant;
import java.util.Collection;

/** What a request has proved: the two credentials of trigger.md 2.1. */
public sealed interface Credential {
  /** The tenant; a credential reaches nothing outside it. */
  Environment environment();

  /** Whether {@code action} is granted on at least one of {@code resources} (trigger.md 2.3). */
  boolean allows(String action, Collection<Resource> resources);

  /** Whether {@code action} is granted on each of {@code resources} (trigger.md 2.3, list). */
  boolean allowsAll(String action, Collection<Resource> resources);

  /** Some operations take nothing less than the secret key (trigger.md 2.3). */
  boolean isSecretKey();

  /** Full access to its environment. */
  record SecretKey(Environment environment) implements Credential {
    @Override
    public boolean allows(String action, Collection<Resource> resources) {
      return true;
    }

    @Override
    public boolean allowsAll(String action, Collection<Resource> resources) {
      return true;
    }

    @Override
    public boolean isSecretKey() {
      return true;
    }
  }

  /**
   * Access as far as its scopes go.
   *
   * @param expiresAt from this instant on the token is refused; a connection that outlives it has
   *     to end (across.md 5)
   */
  record PublicToken(Environment environment, Scopes scopes, Instant expiresAt)
      implements Credential {
    @Override
    public boolean allows(String action, Collection<Resource> resources) {
      return scopes.allowsAny(action, resources);
    }

    @Override
    public boolean allowsAll(String action, Collection<Resource> resources) {
      return scopes.allowsAll(action, resources);
    }

    @Override
    public boolean isSecretKey() {
      return false;
    }
  }
}
