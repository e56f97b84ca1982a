package dev.parley.entity.account;

import java.util.regex.Pattern;

/** The kinds of entities there are here. Names are stored with every row and must never change. */
enum AccountKind {
  /** By the id of the user, which comes from the e-mail address. */
  USER("User", User.NOBODY),
  /** By an id. */
  ORGANIZATION("Organization", Organization.NONE),
  /** By a hash of the id in the cookie, so that who reads the journal can't take a session over. */
  BROWSER_SESSION("BrowserSession", BrowserSession.NONE),
  /** By the name it has elsewhere: a prefix, {@code realtime:} and an id. */
  HAND_OFF("HandOff", HandOff.NONE);

  /** What an id may look like. Others are nobody's, and no entity is woken for them. */
  private static final Pattern ID = Pattern.compile("[0-9A-Za-z_.:-]{1,128}");

  private final String typeName;
  private final AccountState empty;

  AccountKind(String typeName, AccountState empty) {
    this.typeName = typeName;
    this.empty = empty;
  }

  /** The name of the entity type; the first part of every persistence id. */
  String typeName() {
    return typeName;
  }

  /** As what an entity begins. */
  AccountState empty() {
    return empty;
  }

  static boolean canBeId(String id) {
    return ID.matcher(id).matches();
  }
}
