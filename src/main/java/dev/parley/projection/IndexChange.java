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
  /** Empty for events of something else than a session. */
  static Optional<IndexChange> of(EventEnvelope<SessionEvent> envelope) {
    return StoredSessionId.parse(envelope.persistenceId())
        .map(id -> new IndexChange(id, envelope.sequenceNr(), envelope.event()));
  }
}
