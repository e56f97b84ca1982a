package dev.parley.projection;

import dev.parley.journal.StoredSessionId;
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
  /** Empty for events of something else than a session, and for those that can't be decoded. */
  static Optional<IndexChange> of(EventEnvelope<?> envelope) {
    return envelope.event() instanceof SessionEvent event
        ? StoredSessionId.parse(envelope.persistenceId())
            .map(id -> new IndexChange(id, envelope.sequenceNr(), event))
        : Optional.empty();
  }
}
