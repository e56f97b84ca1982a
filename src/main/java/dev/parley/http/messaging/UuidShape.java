package dev.parley.http.messaging;

import java.util.regex.Pattern;

/**
 * What counts as a UUID on this face: of any version, in either case, since the ids of agents are
 * derived from names and mostly not of version 4 (eliza.md section 2).
 */
public final class UuidShape {
  private static final Pattern PATTERN =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private UuidShape() {}

  /** Whether the text is one. */
  public static boolean matches(String text) {
    return PATTERN.matcher(text).matches();
  }
}
