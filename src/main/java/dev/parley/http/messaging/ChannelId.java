package dev.parley.http.messaging;

import java.util.Optional;
import java.util.UUID;

/**
 * The channel of a session (eliza.md section 2). It is the session's id with some of its random
 * bits turned, always the same ones: as random as that, and leading back to it without a table.
 */
final class ChannelId {
  /** Leaves version and variant as they are. */
  private static final UUID TURNED = UUID.fromString("5a3c96e1-c37b-0d58-1b6e-97a42fd1683d");

  private ChannelId() {}

  /** The channel that a session gets with its id, which is a random UUID. */
  static UUID ofSession(UUID sessionId) {
    return turned(sessionId);
  }

  /**
   * The id of the session that this may be the channel of, whether there is one or not; empty for
   * what is no UUID. Whoever looks the session up compares its channel, too.
   */
  static Optional<String> sessionOf(String channelId) {
    return UuidShape.matches(channelId)
        ? Optional.of(turned(UUID.fromString(channelId)).toString())
        : Optional.empty();
  }

  private static UUID turned(UUID id) {
    return new UUID(
        id.getMostSignificantBits() ^ TURNED.getMostSignificantBits(),
        id.getLeastSignificantBits() ^ TURNED.getLeastSignificantBits());
  }
}
