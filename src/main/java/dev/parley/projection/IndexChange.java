package dev.parley.projection;

import dev.parley.session.SessionEvent;
import dev.parley.session.SessionId;
import java.util.Optional;
import org.apache.pekko.projection.eventsourced.EventEnvelope;

/**
 * What one event means to the index.
 *
 * @param version the event's sequence number in its session
 */
record IndexChange(SessionId id, long version, SessionEvent event) {
  /** First part of the persistence ids of sessions. */
  private static final String ENTITY_TYPE = "Session|";

  /** Empty for events of something else than a session. */
  static Optional<IndexChange> of(EventEnvelope<SessionEvent> envelope) {
    String persistenceId = envelope.persistenceId();
    if (!persistenceId.startsWith(ENTITY_TYPE)
        || persistenceId.indexOf('/', ENTITY_TYPE.length()) < 0) {
      return Optional.empty();
    }
    SessionId id = SessionId.ofEntityId(persistenceId.substring(ENTITY_TYPE.length()));
    return Optional.of(new IndexChange(id, envelope.sequenceNr(), envelope.event()));
  }
}
