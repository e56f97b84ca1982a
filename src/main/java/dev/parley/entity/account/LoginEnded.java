package dev.parley.entity.account;

/**
 * A hint that logins have ended.
 *
 * @param name the key of a browser session, or the id of a user of whose sessions some have ended
 */
record LoginEnded(String name) {}
