package dev.parley.entity.webchat;

import java.util.regex.Pattern;

/** Ids of organizations and events, which become names of entities and stand in texts of pages. */
public final class EntityNames {
  /** What an id must be, for people. */
  public static final String RULE = "1 to 128 characters of A-Z, a-z, 0-9, '.', '_', ':' and '-'";

  private static final Pattern VALID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  private EntityNames() {}

  /** Whether an organization or an event can have this id. */
  public static boolean isValid(String id) {
    return VALID.matcher(id).matches();
  }
}
