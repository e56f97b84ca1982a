package dev.parley.auth;

import dev.parley.session.SessionId;
import java.time.Instant;
import java.util.Collection;
import java.util.Set;

/**
 * What a request has proved: the two credentials of trigger.md 2.1, and that of a webchat's
 * visitor, which only few routes take.
 */
public sealed interface Credential {
  /** The tenant; a credential reaches nothing outside it. */
  Environment environment();

  /** Whether {@code action} is granted on at least one of {@code resources} (trigger.md 2.3). */
  boolean allows(String action, Collection<Resource> resources);

  /** Whether {@code action} is granted on each of {@code resources} (trigger.md 2.3, list). */
  boolean allowsAll(String action, Collection<Resource> resources);

  /** Some operations take nothing less than the secret key (trigger.md 2.3). */
  boolean isSecretKey();

  /** Whether it reaches sessions of this generation; a purge ends what was granted before. */
  default boolean opens(long generation) {
    return true;
  }

  /** Whether {@link #opens} has to be asked before anything is done. */
  default boolean isOfOneGeneration() {
    return false;
  }

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

  /** Reading and writing the one session of a visit, by any of its names (across.md section 1). */
  record Visitor(RuntimeTokens.Visit visit) implements Credential {
    private static final Set<String> ACTIONS = Set.of("read", "write");

    @Override
    public Environment environment() {
      return visit.environment();
    }

    @Override
    public boolean allows(String action, Collection<Resource> resources) {
      return ACTIONS.contains(action) && resources.stream().anyMatch(this::isOwn);
    }

    @Override
    public boolean allowsAll(String action, Collection<Resource> resources) {
      return ACTIONS.contains(action)
          && !resources.isEmpty()
          && resources.stream().allMatch(this::isOwn);
    }

    private boolean isOwn(Resource resource) {
      String friendly = SessionId.ofExternal(environment().id(), visit.sessionId()).friendlyId();
      return resource.type().equals("sessions")
          && (visit.sessionId().equals(resource.id()) || friendly.equals(resource.id()));
    }

    @Override
    public boolean isSecretKey() {
      return false;
    }

    @Override
    public boolean opens(long generation) {
      return generation == visit.generation();
    }

    @Override
    public boolean isOfOneGeneration() {
      return true;
    }
  }
}
