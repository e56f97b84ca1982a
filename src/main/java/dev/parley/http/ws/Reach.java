package dev.parley.http.ws;

import dev.parley.auth.RuntimeTokens.Grant;
import dev.parley.auth.RuntimeTokens.User;
import dev.parley.auth.RuntimeTokens.Visit;
import dev.parley.entity.Inspection;
import dev.parley.entity.Sessions;
import dev.parley.http.messaging.MessagingSession;
import dev.parley.session.Channel;
import dev.parley.session.SessionId;
import java.util.concurrent.CompletionStage;

/**
 * Which sessions a grant reaches (across.md section 5): a visitor's own one, as long as it has not
 * been purged, and those whose user somebody is. All of them are messaging sessions.
 */
final class Reach {
  private final Sessions sessions;

  Reach(Sessions sessions) {
    this.sessions = sessions;
  }

  /** A session that may be used, with one of its streams. */
  record Reached(SessionId id, Inspection inspection) {}

  /**
   * The session that a key names. Throws, or fails with, {@link RequestRefused}, and does not tell
   * whether a session exists that is out of reach.
   *
   * @param key an external id or a friendly id
   */
  CompletionStage<Reached> session(Grant grant, String key, Channel channel) {
    SessionId id = SessionId.parse(grant.environment().id(), key).orElseThrow(Reach::outOfReach);
    return sessions
        .inspect(id, channel)
        .thenApply(
            inspection -> {
              if (!holds(grant, id, inspection)) {
                throw outOfReach();
              }
              return new Reached(id, inspection);
            });
  }

  private static boolean holds(Grant grant, SessionId id, Inspection inspection) {
    if (grant instanceof Visit visit) {
      return SessionId.ofExternal(visit.environment().id(), visit.sessionId()).equals(id)
          && inspection.info() != null
          && inspection.generation() == visit.generation();
    }
    return MessagingSession.of(inspection)
        .filter(session -> session.parties().userId().equalsIgnoreCase(((User) grant).userId()))
        .isPresent();
  }

  private static RequestRefused outOfReach() {
    return new RequestRefused("forbidden", "The token does not reach this session");
  }
}
