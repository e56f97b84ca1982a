package dev.parley.auth;

import org.jspecify.annotations.Nullable;

/**
 * One scope, {@code action[:type[:id]]} (trigger.md 2.3). A missing part is null; an empty one is
 * present and equals nothing but the empty text, so {@code read:sessions:} is not {@code
 * read:sessions}.
 */
record Scope(String action, @Nullable String type, @Nullable String id) {
  private static final String ADMIN = "admin";
  private static final String ANY_ACTION = "*";
  private static final String ALL_TYPES = "all";

  /** Only the first two colons delimit; the rest is the id. */
  static Scope parse(String text) {
    String[] parts = text.split(":", 3);
    return new Scope(
        parts[0], parts.length > 1 ? parts[1] : null, parts.length > 2 ? parts[2] : null);
  }

  boolean allows(String wantedAction, Resource resource) {
    if (type == null) {
      return action.equals(ADMIN);
    }
    if (!action.equals(ANY_ACTION) && !action.equals(wantedAction)) {
      return false;
    }
    return type.equals(ALL_TYPES)
        || (type.equals(resource.type()) && (id == null || id.equals(resource.id())));
  }
}
