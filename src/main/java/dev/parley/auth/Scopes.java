package dev.parley.auth;

import java.util.Collection;
import java.util.List;

/**
 * The scopes of a public access token and the matching of trigger.md 2.3. Some scope grants a
 * resource when it is the bare {@code admin}, or when its action is the wanted one or {@code *} and
 * its type is {@code all} or the resource's own, with no id or the resource's. No action implies
 * another: {@code admin:sessions} is the action {@code admin} on sessions and reads nothing.
 */
public final class Scopes {
  private final List<String> texts;
  private final List<Scope> scopes;

  private Scopes(List<String> texts) {
    this.texts = texts;
    this.scopes = texts.stream().map(Scope::parse).toList();
  }

  /** Any text is a scope; one that follows no rule grants nothing. */
  public static Scopes parse(Collection<String> texts) {
    return new Scopes(List.copyOf(texts));
  }

  /**
   * Whether the scopes grant {@code action} on at least one of {@code resources}: the forms of
   * address of one thing (friendly id, external id), or alternatives. Without a resource nothing is
   * granted.
   */
  public boolean allowsAny(String action, Collection<Resource> resources) {
    return resources.stream().anyMatch(resource -> allows(action, resource));
  }

  /**
   * Whether the scopes grant {@code action} on each of {@code resources}, as a list filtered by
   * tasks needs it. Without a resource nothing is granted.
   */
  public boolean allowsAll(String action, Collection<Resource> resources) {
    return !resources.isEmpty()
        && resources.stream().allMatch(resource -> allows(action, resource));
  }

  private boolean allows(String action, Resource resource) {
    return scopes.stream().anyMatch(scope -> scope.allows(action, resource));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Scopes that && texts.equals(that.texts);
  }

  @Override
  public int hashCode() {
    return texts.hashCode();
  }

  /** The scopes as they were written. */
  @Override
  public String toString() {
    return texts.toString();
  }
}
