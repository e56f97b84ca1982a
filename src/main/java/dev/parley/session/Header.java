package dev.parley.session;

/**
 * A name and a value of a record.
 *
 * @param name empty only in a command record
 */
public record Header(Bytes name, Bytes value) {}
