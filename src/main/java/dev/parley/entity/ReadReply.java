package dev.parley.entity;

import dev.parley.session.Position;
import io.opentelemetry.api.trace.SpanContext;
import org.jspecify.annotations.Nullable;

/** What a session answers to {@link SessionMessage.Read}. */
public sealed interface ReadReply {
  /**
   * The records, from memory.
   *
   * @param trace the commit that has just brought them, if that is traced; else null
   */
  record Records(RecordBatch batch, @Nullable SpanContext trace) implements ReadReply {
    /** Records that have been there for a while, or that nobody traces. */
    public Records(RecordBatch batch) {
      this(batch, null);
    }
  }

  /**
   * The records are no longer in memory; the reader fetches them from the journal itself.
   *
   * @param fromSeq the first surviving record at or after the wanted one
   * @param tail where the stream ends at this moment
   * @param fromVersion the journal sequence number to look from
   * @param toVersion the last journal sequence number
   */
  record InJournal(long fromSeq, Position tail, long fromVersion, long toVersion)
      implements ReadReply {}

  /** The session was purged since the read began, and nothing will come of it. */
  record Gone() implements ReadReply {}

  /** Nothing came in the time to wait. */
  record AtTail(Position tail) implements ReadReply {}
}
