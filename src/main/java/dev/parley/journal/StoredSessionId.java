package dev.parley.journal;

import dev.parley.session.SessionId;
import java.util.Optional;

/** The persistence ids of sessions: {@code Session|<environment>/<friendly id>}. */
public final class StoredSessionId {
  private static final String TYPE = "Session|";

  private StoredSessionId() {}

  /** The name under which the journal keeps a session. */
  public static String of(SessionId session) {
    return TYPE + session.entityId();
  }

  /** How the names of an environment's sessions begin. */
  public static String prefix(String environmentId) {
    return of(new SessionId(environmentId, SessionId.PREFIX));
  }

  /** The session that the journal keeps under a name; empty for that of something else. */
  public static Optional<SessionId> parse(String persistenceId) {
    return persistenceId.startsWith(TYPE) && persistenceId.indexOf('/', TYPE.length()) >= 0
        ? Optional.of(known(persistenceId))
        : Optional.empty();
  }

  /** The session of a name that is known to be a session's. */
  static SessionId known(String persistenceId) {
    return SessionId.ofEntityId(persistenceId.substring(TYPE.length()));
  }
}
