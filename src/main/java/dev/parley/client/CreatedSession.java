package dev.parley.client;

/**
 * What came of a creation.
 *
 * @param existed whether a session of the external id was there already
 * @param publicToken with which a browser may read and write this session, for an hour
 */
public record CreatedSession(Session session, boolean existed, String publicToken) {}
