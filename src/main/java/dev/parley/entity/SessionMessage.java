package dev.parley.entity;

import dev.parley.journal.Reclaim;
import dev.parley.session.Channel;
import dev.parley.session.Session;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionReply;
import io.opentelemetry.api.trace.SpanContext;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * Everything a session's actor receives. What others ask it may come from another node (see {@code
 * dev.parley.entity.remote}); what it says to itself, and what its shard says, stays on its own.
 */
public sealed interface SessionMessage {
  /**
   * A command for the core.
   *
   * @param generation the one that is meant; any of another is answered by {@link
   *     SessionReply.Superseded}
   * @param trace the span that asks; null for none
   */
  record Ask(
      SessionCommand command,
      long generation,
      ActorRef<SessionReply> replyTo,
      @Nullable SpanContext trace)
      implements SessionMessage {
    /** Means whichever there is. */
    public static final long ANY_GENERATION = -1;

    /** Asked by nobody who is traced. */
    public Ask(SessionCommand command, long generation, ActorRef<SessionReply> replyTo) {
      this(command, generation, replyTo, null);
    }

    /** For the session as it is now, whatever was before it. */
    public Ask(SessionCommand command, ActorRef<SessionReply> replyTo) {
      this(command, ANY_GENERATION, replyTo);
    }

    boolean isFor(Session session) {
      return generation == ANY_GENERATION || generation == session.retention().generation();
    }
  }

  /** Asks for the row and the ends of one stream. */
  record Inspect(Channel channel, ActorRef<Inspection> replyTo) implements SessionMessage {}

  /**
   * Asks for a place from which on all records with at least that timestamp are found.
   *
   * @param timestamp Unix milliseconds
   */
  record Locate(Channel channel, long timestamp, ActorRef<Long> replyTo)
      implements SessionMessage {}

  /**
   * Asks for a waitpoint; while it waits, the answer waits, too.
   *
   * @param maxWait how long at most
   */
  record Watch(String id, Duration maxWait, ActorRef<WaitpointReply> replyTo)
      implements SessionMessage {}

  /**
   * Asks for the renewals behind a count. If there is none, the answer waits for the next.
   *
   * @param maxWait how long at most
   */
  record WatchRenewals(long afterCount, Duration maxWait, ActorRef<RenewalsReply> replyTo)
      implements SessionMessage {}

  /**
   * Asks for the records from a place on. At the tail the answer waits for the next record.
   *
   * @param generation the one whose records are meant; another's are never shown instead
   * @param fromSeq the first wanted record
   * @param maxBytes metered size at which the batch ends; it holds one record at least
   * @param maxWait how long to wait for a record at most
   */
  record Read(
      Channel channel,
      long generation,
      long fromSeq,
      int maxBytes,
      Duration maxWait,
      ActorRef<ReadReply> replyTo)
      implements SessionMessage {}

  /**
   * Stops the turn under way with what was said so far. Answered by {@link SessionReply.TurnOver}
   * when it is over, or when there is none.
   */
  record StopTurn(ActorRef<SessionReply> replyTo) implements SessionMessage {}

  /** To itself: a turn was cut off, go on with it. */
  enum ResumeTurn implements SessionMessage {
    INSTANCE
  }

  /** To itself: commit the appends that have gathered. */
  enum Flush implements SessionMessage {
    INSTANCE
  }

  /** To itself: answer the readers that have waited long enough. */
  enum ReadsDue implements SessionMessage {
    INSTANCE
  }

  /** To itself: the time has come for something. */
  enum Due implements SessionMessage {
    INSTANCE
  }

  /**
   * From the deliveries of the node the session was on: a try of a callback is over.
   *
   * @param id of the waitpoint
   */
  record CallbackDone(String id, boolean settled) implements SessionMessage {}

  /** To itself: let go of records that nobody has read lately. */
  enum CoolDown implements SessionMessage {
    INSTANCE
  }

  /** To itself: the space of these trimmed records has been given back. */
  record Reclaimed(Reclaim reclaim) implements SessionMessage {}

  /** From the shard: the session is to sleep or to move. */
  enum Stop implements SessionMessage {
    INSTANCE
  }
}
