package dev.parley.projection;

import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;

/** A session in a list. */
public record Item(SessionId id, SessionInfo info) {}
