package dev.parley.session;

import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** What is left of a session when it is purged: nothing but its version. */
final class PurgeRules {
  private final Session session;
  private final Instant now;

  PurgeRules(Session session, Instant now) {
    this.session = session;
    this.now = now;
  }

  /** At once, whether the session has ended or not; streams without a row go likewise. */
  Decision decide() {
    if (session.isBlank()) {
      return Decision.reply(new SessionReply.NoSuchSession());
    }
    SessionEvent.Purged purged = purged();
    return new Decision(
        List.of(purged), new SessionReply.Purged(purged.version(), records(), streams()));
  }

  /** The event whose own version is the next one. */
  SessionEvent.Purged purged() {
    return new SessionEvent.Purged(session.version() + 1, now);
  }

  private long records() {
    Collection<ChannelState> channels = session.storedChannels().values();
    return channels.stream().mapToLong(state -> state.nextSeq() - state.trimPoint()).sum();
  }

  private int streams() {
    return session.storedChannels().size();
  }
}
