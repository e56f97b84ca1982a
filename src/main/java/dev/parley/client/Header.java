package dev.parley.client;

/** A pair that stands beside the body of a record. */
public record Header(String name, String value) {}
