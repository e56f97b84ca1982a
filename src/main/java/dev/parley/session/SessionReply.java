package dev.parley.session;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every answer of a session. A caller that handles all of them has forgotten nothing. */
public sealed interface SessionReply {
  /**
   * The session exists.
   *
   * @param cached whether it did before
   */
  record Started(SessionInfo info, boolean cached) implements SessionReply {}

  /** The row as it is now. */
  record Row(SessionInfo info) implements SessionReply {}

  /**
   * @param runId the current run
   * @param swapped whether this command made it so
   */
  record Continued(String runId, boolean swapped) implements SessionReply {}

  /**
   * The records are durable.
   *
   * @param start the first record
   * @param end the number after the last record, and the last record's timestamp
   * @param tail the tail of the stream
   * @param repeated whether an earlier append, which this one repeats, is what is answered; the
   *     timestamps are then those of the stream's last record
   */
  record Appended(Position start, Position end, Position tail, boolean repeated)
      implements SessionReply {}

  /**
   * The answers to a series.
   *
   * @param replies in its order, up to and including the first that is not {@link Appended}
   */
  record SeriesAppended(List<SessionReply> replies) implements SessionReply {
    public SeriesAppended {
      replies = List.copyOf(replies);
    }
  }

  /**
   * The message is durable, and what it meant to the session's lifetime with it.
   *
   * @param record the message's place; of a repetition the place it got first
   * @param lifetime as this message left it; of a repetition as it is now
   * @param renewed whether it moved the end
   * @param outSeq the next number of {@code .out}: the answer begins there or later
   * @param repeated whether an earlier message, which this one repeats, is what is answered; the
   *     timestamp of the record is then not its own
   */
  record Sent(
      Position record,
      SessionInfo info,
      Lifetime lifetime,
      boolean renewed,
      long outSeq,
      boolean repeated)
      implements SessionReply {}

  /** The attempt is not, or no longer, under way. */
  record TurnOver() implements SessionReply {}

  /**
   * The waitpoint as it is now.
   *
   * @param repeated whether it was so before
   */
  record WaitpointIs(Waitpoint waitpoint, boolean repeated) implements SessionReply {}

  /**
   * Nothing is due any more.
   *
   * @param nextDue when something will be; null for never
   */
  record Awake(@Nullable Instant nextDue) implements SessionReply {}

  /**
   * Nothing is left of the session; what is stored of it goes from now on.
   *
   * @param version of the event that purged it: everything before it goes
   * @param records how many there were, trimmed ones left out
   * @param streams how many were ever written
   */
  record Purged(long version, long records, int streams) implements SessionReply {}

  /**
   * The state, as {@link Portrait} makes it.
   *
   * @param session without streams while the session is being restored
   * @param version of the newest event in it
   * @param generation the version of the event that purged the session last
   * @param restoring whether a copy is being put in its place
   */
  record Portrayed(Session session, long version, long generation, boolean restoring)
      implements SessionReply {}

  /**
   * Part ids of a stream.
   *
   * @param blocks in the order of their records; empty when there are no more
   */
  record Recalled(List<PartIdWindow.Block> blocks) implements SessionReply {
    public Recalled {
      blocks = List.copyOf(blocks);
    }
  }

  /**
   * The pieces are in their places.
   *
   * @param records how many were not there before
   * @param whole whether the session is open now
   */
  record Restored(long records, boolean whole) implements SessionReply {}

  /**
   * The session lives.
   *
   * @param renewed whether this moved its end
   */
  record Alive(SessionInfo info, Lifetime lifetime, boolean renewed) implements SessionReply {}

  /** Nothing was changed, and nothing will be. */
  sealed interface Rejected extends SessionReply {}

  /** There is no row. */
  record NoSuchSession() implements Rejected {}

  record Closed(@Nullable String reason) implements Rejected {}

  /** What was asked was meant for a session that has been purged since. */
  record Superseded() implements Rejected {}

  record Expired() implements Rejected {}

  /** There is a session already, so none can be restored. */
  record AlreadyThere() implements Rejected {}

  /**
   * The copy is none that can be restored.
   *
   * @param problem what is wrong with it
   */
  record CannotRestore(String problem) implements Rejected {}

  /** The session has no timeout policy. */
  record NoTimeout() implements Rejected {}

  /** No renewal leads beyond the maximum duration. */
  record AtMaximum(Lifetime lifetime) implements Rejected {}

  /**
   * @param reason what is wrong, for the sender
   */
  record InvalidTimeout(String reason) implements Rejected {}

  /**
   * The session holds a conversation: messages among the records must stand there as such.
   *
   * @param info tells who talks
   */
  record MessagesWanted(SessionInfo info) implements Rejected {}

  /** An external id can't be changed. */
  record ExternalIdFixed() implements Rejected {}

  record FencingTokenMismatch(String current) implements Rejected {}

  record SequenceMismatch(long next) implements Rejected {}

  /**
   * The records break a rule of s2.md section 3.
   *
   * @param problem what is wrong, for the writer
   */
  record InvalidAppend(String problem) implements Rejected {}

  /** Only the server writes this channel. */
  record ServerOnlyChannel() implements Rejected {}

  /** A session has at most {@link Session#MAX_STREAMS} streams. */
  record TooManyStreams() implements Rejected {}

  record NoSuchWaitpoint() implements Rejected {}

  /**
   * At most {@link Waitpoints#MAX_PENDING} wait at the same time, and {@link
   * Waitpoints#MAX_CALLBACKS} have a callback that is not settled.
   */
  record TooManyWaitpoints() implements Rejected {}

  /** The session can't take it now; nothing was written by this request. */
  record Overloaded(Duration retryAfter) implements Rejected {}

  /**
   * The commit failed in a way that leaves open whether the records are there. A repetition with
   * the same part id finds out.
   */
  record OutcomeUnknown(Duration retryAfter) implements SessionReply {}
}
