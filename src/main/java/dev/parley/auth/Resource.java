package dev.parley.auth;

import org.jspecify.annotations.Nullable;

/**
 * What an operation touches, as the table of trigger.md 2.3 names it.
 *
 * @param type such as {@code sessions}, {@code tasks} or {@code waitpoints}; no colon in it
 * @param id any text, colons included; null means the type as a whole, which only a scope without
 *     an id reaches
 */
public record Resource(String type, @Nullable String id) {
  /**
   * @throws IllegalArgumentException when the type is empty or contains a colon
   */
  public Resource {
    if (type.isEmpty() || type.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "resource type '" + type + "' must be non-empty and without a colon");
    }
  }

  /** The type as a whole, for example all sessions of the environment. */
  public static Resource ofType(String type) {
    return new Resource(type, null);
  }
}
