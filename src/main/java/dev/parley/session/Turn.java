package dev.parley.session;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/**
 * The work of an agent on one record of {@code .in}.
 *
 * @param seq the record
 * @param attempt 1 for the first; every one that a crash or a move of the session has cut off is
 *     followed by another
 * @param startedAt of this attempt; also tells the turns of a session from those of one that was
 *     purged and had the same name
 */
public record Turn(long seq, int attempt, Instant startedAt) {
  /** After that many the agent is taken to be what makes the server fail. */
  public static final int MAX_ATTEMPTS = 5;

  /**
   * The id of the answer, should this attempt lead to one. Pieces of an attempt that was cut off
   * have another id than the answer, which tells readers to forget them.
   */
  public String answerId(SessionId session) {
    String name = session.friendlyId() + ":" + seq + ":" + attempt + ":" + startedAt.toEpochMilli();
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
  }
}
