package dev.parley.chaos.history;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something a client did or saw, or that was done to the cluster. Times are nanoseconds since the
 * run began, by one clock; {@code …Millis} are Unix milliseconds. A stream is {@code
 * <session>/<channel>}. Nodes count from 0; -1 is none.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Operation.Begun.class, name = "begun"),
  @JsonSubTypes.Type(value = Operation.Created.class, name = "created"),
  @JsonSubTypes.Type(value = Operation.Append.class, name = "append"),
  @JsonSubTypes.Type(value = Operation.Read.class, name = "read"),
  @JsonSubTypes.Type(value = Operation.Follow.class, name = "follow"),
  @JsonSubTypes.Type(value = Operation.Close.class, name = "close"),
  @JsonSubTypes.Type(value = Operation.Look.class, name = "look"),
  @JsonSubTypes.Type(value = Operation.Lifecycle.class, name = "lifecycle"),
  @JsonSubTypes.Type(value = Operation.Wait.class, name = "wait"),
  @JsonSubTypes.Type(value = Operation.WaitLook.class, name = "wait-look"),
  @JsonSubTypes.Type(value = Operation.Fault.class, name = "fault")
})
public sealed interface Operation {
  long start();

  long end();

  int node();

  /** A record at its place. */
  record Item(long seq, String data) {}

  /**
   * A record of a live reader.
   *
   * @param at when it was seen
   */
  record Seen(long seq, String data, long at) {}

  /**
   * An entry of a session's lifecycle channel.
   *
   * @param type such as {@code expired}
   */
  record Entry(String type, long atMillis) {}

  /** How a session was closed; what does not change any more. */
  record Ending(String closedAt, @Nullable String reason) {}

  /**
   * The first line of a history.
   *
   * @param epochMillis what the wall clock showed at 0 nanoseconds
   */
  record Begun(long start, long end, int node, long epochMillis, long seed) implements Operation {}

  /**
   * A session exists from now on.
   *
   * @param expiresAtMillis null for never
   */
  record Created(long start, long end, int node, String session, @Nullable Long expiresAtMillis)
      implements Operation {}

  /**
   * One attempt to append one record.
   *
   * @param partId the same in all attempts of one record; null for an attempt without
   * @param data of this record and no other
   * @param seq the acknowledged number
   * @param answer status or error, for people
   */
  record Append(
      long start,
      long end,
      int node,
      String stream,
      @Nullable String partId,
      String data,
      Outcome outcome,
      @Nullable Long seq,
      String answer)
      implements Operation {}

  /**
   * What was there up to the tail; only reads that were answered.
   *
   * @param from the first wanted number; the tail itself when only that was asked for
   * @param last whether it was asked after everything was over, for all records
   */
  record Read(
      long start, long end, int node, String stream, long from, List<Item> items, boolean last)
      implements Operation {
    /** The number that the next record gets, as this read saw it. */
    public long tail() {
      return items.isEmpty() ? from : items.get(items.size() - 1).seq() + 1;
    }
  }

  /**
   * One connection of a live reader.
   *
   * @param from the first wanted number
   * @param followedAt when the first event came; null if none did
   * @param lostAt when its reader noticed that it had lost the connection before; null for the
   *     first
   * @param last whether the reader ended here because it had seen everything
   */
  record Follow(
      long start,
      long end,
      int node,
      String stream,
      long from,
      List<Seen> items,
      @Nullable Long followedAt,
      @Nullable Long lostAt,
      boolean last)
      implements Operation {}

  /** One attempt to close. */
  record Close(
      long start, long end, int node, String session, Outcome outcome, @Nullable Ending ending)
      implements Operation {}

  /**
   * A session as it was shown.
   *
   * @param ending null while it was open
   */
  record Look(long start, long end, int node, String session, @Nullable Ending ending)
      implements Operation {}

  /** All entries of a session's lifecycle channel. */
  record Lifecycle(long start, long end, int node, String session, List<Entry> entries)
      implements Operation {}

  /**
   * A waitpoint is registered; from the first attempt to the acknowledgement.
   *
   * @param after the record behind this number completes it
   * @param timeoutAtMillis null for none
   */
  record Wait(
      long start,
      long end,
      int node,
      String waitpoint,
      String stream,
      long after,
      @Nullable Long timeoutAtMillis)
      implements Operation {}

  /**
   * A waitpoint as it was shown.
   *
   * @param status {@code WAITING}, {@code COMPLETED} or {@code TIMED_OUT}
   */
  record WaitLook(
      long start,
      long end,
      int node,
      String waitpoint,
      String status,
      @Nullable String output,
      @Nullable Long completedAtMillis)
      implements Operation {}

  /**
   * A fault, until everything served again.
   *
   * @param fault its kind
   * @param healed when the cause was taken away: the process started again, the pause over
   */
  record Fault(long start, long end, int node, String fault, long healed, String detail)
      implements Operation {}
}
