package dev.parley.session;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be asked of a session. What each may answer stands in {@link SessionReply}.
 */
public sealed interface SessionCommand {
  /**
   * Creates the row, or writes through to the existing one (trigger.md section 3.2). Answered by
   * {@link SessionReply.Started}, {@link SessionReply.Closed} or {@link SessionReply.Expired}.
   *
   * @param tags null leaves those of an existing row
   * @param metadata JSON object as text; null leaves that of an existing row
   * @param expiresAt null leaves that of an existing row; of no effect where a timeout moves the
   *     end
   * @param triggerConfig of no effect on an existing row that has a timeout
   * @param timeout of the session should it be new; null for none
   * @param agentId who answers the records of {@code .in}, should the session be new; null for
   *     nobody
   * @param runId the run of the session should it be new
   */
  record Create(
      @Nullable String externalId,
      String type,
      String taskIdentifier,
      String triggerConfig,
      @Nullable List<String> tags,
      @Nullable String metadata,
      @Nullable Instant expiresAt,
      @Nullable TimeoutPolicy timeout,
      @Nullable String agentId,
      String runId)
      implements SessionCommand {}

  /**
   * Changes tags and metadata (section 3.4). Answered by {@link SessionReply.Row}, {@link
   * SessionReply.NoSuchSession} or {@link SessionReply.ExternalIdFixed}.
   *
   * @param externalId accepted only when equal to the present one
   */
  record Update(
      @Nullable List<String> tags,
      @Nullable Given<@Nullable String> metadata,
      @Nullable Given<@Nullable String> externalId)
      implements SessionCommand {}

  /**
   * Closes, once and for all; a second close changes nothing (section 3.5). Answered by {@link
   * SessionReply.Row} or {@link SessionReply.NoSuchSession}.
   *
   * @param reason {@link SessionInfo#DELETED} deletes
   * @param callingRunId the run that closes itself; any other close also wakes the agent by a
   *     record on {@code .in}
   * @param recordId the envelope id of that record
   */
  record Close(@Nullable String reason, @Nullable String callingRunId, String recordId)
      implements SessionCommand {}

  /**
   * Replaces the current run, if the caller is it (section 3.7). Answered by {@link
   * SessionReply.Continued}, {@link SessionReply.NoSuchSession}, {@link SessionReply.Closed} or
   * {@link SessionReply.Expired}.
   */
  record EndAndContinue(String callingRunId, String newRunId) implements SessionCommand {}

  /**
   * A sign of life, or a renewal that is asked for (eliza.md section 4). Answered by {@link
   * SessionReply.Alive}, {@link SessionReply.NoSuchSession}, {@link SessionReply.NoTimeout}, {@link
   * SessionReply.Closed}, {@link SessionReply.Expired} or {@link SessionReply.AtMaximum}.
   */
  record Touch(Activity activity) implements SessionCommand {}

  /**
   * Changes the timeout policy field by field (eliza.md section 5.5). Answered as {@link Touch}, or
   * by {@link SessionReply.InvalidTimeout}.
   */
  record ChangeTimeout(TimeoutLimits limits, TimeoutRequest request) implements SessionCommand {}

  /** What adds records and shares a commit with others of its kind. */
  sealed interface Appending extends SessionCommand {
    int recordCount();

    /** The metered size of all records, in bytes. */
    long meteredSize();
  }

  /**
   * Appends of one writer, one after the other: the first that is refused ends the series, and what
   * follows it is not done (s2.md section 4.4). Answered by {@link SessionReply.SeriesAppended}, or
   * by {@link SessionReply.Overloaded} or {@link SessionReply.OutcomeUnknown} for the whole.
   *
   * @param appends at least one
   */
  record AppendSeries(List<Append> appends) implements Appending {
    public AppendSeries {
      appends = List.copyOf(appends);
    }

    @Override
    public int recordCount() {
      return appends.stream().mapToInt(Append::recordCount).sum();
    }

    @Override
    public long meteredSize() {
      return appends.stream().mapToLong(Append::meteredSize).sum();
    }
  }

  /**
   * Appends records to one stream, all or none (section 4.3, s2.md sections 3 and 4). Answered by
   * {@link SessionReply.Appended} or a rejection.
   *
   * @param records 1..1000, together at most 1 MiB metered
   * @param partId the client's name for this append; a repetition gets the first answer
   * @param matchSeq the number the first record must get
   * @param fencingToken what the stream's token must be
   * @param rowRequired whether a session without a row refuses
   * @param formed whether what is a message among the records stands there as one; a messaging
   *     session answers {@link SessionReply.MessagesWanted} else
   * @param turn the attempt that writes this; refused unless it is the one under way
   */
  record Append(
      Channel channel,
      List<Draft> records,
      @Nullable PartId partId,
      @Nullable Long matchSeq,
      @Nullable String fencingToken,
      boolean rowRequired,
      boolean formed,
      @Nullable Turn turn)
      implements Appending {
    public Append {
      records = List.copyOf(records);
    }

    /** An append that nobody has looked at for messages. */
    public Append(
        Channel channel,
        List<Draft> records,
        @Nullable PartId partId,
        @Nullable Long matchSeq,
        @Nullable String fencingToken,
        boolean rowRequired) {
      this(channel, records, partId, matchSeq, fencingToken, rowRequired, false, null);
    }

    /**
     * The same append with its messages as such. A batch that is recognised by its content when it
     * comes again has another content now, so its id becomes the part id.
     */
    public Append formed(List<Draft> drafts) {
      boolean recognisable =
          partId != null || drafts.stream().noneMatch(draft -> draft.message() != null);
      PartId part = recognisable ? partId : BatchId.of(records, Draft::content).orElse(null);
      return new Append(channel, drafts, part, matchSeq, fencingToken, rowRequired, true, turn);
    }

    /** The largest metered size of all records of an append, in bytes (s2.md section 3). */
    public static final int MAX_METERED_SIZE = 1_048_576;

    /** The most records of an append. */
    public static final int MAX_RECORDS = 1_000;

    /** What no session accepts about the records, whatever its state (s2.md section 3). */
    public Optional<String> problem() {
      if (records.isEmpty()) {
        return Optional.of("record batch must not be empty");
      }
      if (records.size() > MAX_RECORDS) {
        return Optional.of("record batch must not exceed 1000 records");
      }
      for (Draft record : records) {
        Optional<String> problem = RecordCommand.problem(record.content());
        if (problem.isPresent()) {
          return problem;
        }
      }
      return meteredSize() > MAX_METERED_SIZE
          ? Optional.of("record batch must not exceed a metered size of 1 MiB")
          : Optional.empty();
    }

    @Override
    public int recordCount() {
      return records.size();
    }

    @Override
    public long meteredSize() {
      long size = 0;
      for (Draft record : records) {
        size += record.content().meteredSize();
      }
      return size;
    }

    /** An append over HTTP: one record, a row is needed, no conditions. */
    public static Append single(Channel channel, RecordContent record, @Nullable PartId partId) {
      return new Append(channel, List.of(new Draft(null, record)), partId, null, null, true);
    }
  }

  /**
   * Registers a waitpoint; one that the idempotency key names already is answered instead
   * (trigger.md section 5.1). Answered by {@link SessionReply.WaitpointIs}, {@link
   * SessionReply.NoSuchSession}, {@link SessionReply.Closed}, {@link SessionReply.Expired} or
   * {@link SessionReply.TooManyWaitpoints}.
   *
   * @param channel the stream to wait on; null to wait for {@link CompleteWait} alone
   * @param afterSeq any record behind this number will do; -1 for any at all
   * @param callback who is told of the end; null for nobody
   * @param rowRequired whether a session without a row refuses
   */
  record Wait(
      String id,
      @Nullable Channel channel,
      long afterSeq,
      @Nullable Instant timeoutAt,
      List<String> tags,
      @Nullable String idempotencyKey,
      @Nullable Instant idempotencyKeyExpiresAt,
      @Nullable Callback callback,
      boolean rowRequired)
      implements SessionCommand {
    public Wait {
      tags = List.copyOf(tags);
    }
  }

  /**
   * Completes a waitpoint, unless it has ended already (trigger.md section 5.4). Answered by {@link
   * SessionReply.WaitpointIs} or {@link SessionReply.NoSuchWaitpoint}.
   *
   * @param data the output, a JSON value as text; null for none
   */
  record CompleteWait(String id, @Nullable String data) implements SessionCommand {}

  /**
   * Notes what came of trying a callback. Answered by {@link SessionReply.WaitpointIs}, or {@link
   * SessionReply.NoSuchWaitpoint} when none is owed.
   *
   * @param settled whether it was taken, or is not wanted any more
   * @param policy when to try again
   */
  record CallbackTried(String id, boolean settled, CallbackPolicy policy)
      implements SessionCommand {}

  /**
   * Takes everything away that the session is, at once, whether it has ended or not. Answered by
   * {@link SessionReply.Purged}, or by {@link SessionReply.NoSuchSession} when there is nothing.
   */
  record Purge() implements SessionCommand {}

  /** Asks for the state as it can be moved. Answered by {@link SessionReply.Portrayed}. */
  record Portray() implements SessionCommand {}

  /**
   * Asks for part ids that a stream remembers, in the order of their records. Answered by {@link
   * SessionReply.Recalled}.
   *
   * @param batches whether those of batches are meant
   * @param fromSeq of the first record that is asked for
   */
  record Recall(Channel channel, boolean batches, long fromSeq) implements SessionCommand {
    /** The most ids in an answer. */
    public static final int MAX_IDS = 2_000;
  }

  /**
   * Puts pieces of a copy in their places. Answered by {@link SessionReply.Restored}, {@link
   * SessionReply.AlreadyThere} or {@link SessionReply.CannotRestore}.
   *
   * @param target what the session is to become, the same with every piece of the copy
   * @param pieces in the order of the copy, together of a size that fits into a message
   * @param last whether these are the last ones
   */
  record Restore(Session target, List<RestoredPiece> pieces, boolean last)
      implements SessionCommand {
    public Restore {
      pieces = List.copyOf(pieces);
    }
  }

  /**
   * Takes away what is there of a session that is being restored; a whole one stays. Answered by
   * {@link SessionReply.Purged}, or by {@link SessionReply.NoSuchSession} when none is.
   */
  record Abandon() implements SessionCommand {}

  /**
   * Decides what has fallen due. Every other command does so, too, before itself. Answered by
   * {@link SessionReply.Awake}.
   */
  record Wake() implements SessionCommand {}

  /**
   * A record before it has its place.
   *
   * @param timestamp Unix milliseconds as the writer wants it; null is the time of the commit
   * @param content of a message, as if it were created at the epoch
   * @param message null for any other record
   */
  record Draft(@Nullable Long timestamp, RecordContent content, @Nullable Message message) {
    public Draft(@Nullable Long timestamp, RecordContent content) {
      this(timestamp, content, null);
    }

    /** A message, whose time the session decides. */
    public static Draft of(Message message) {
      return new Draft(null, message.content(Instant.EPOCH), message);
    }
  }

  /**
   * A message of the user to a messaging session (eliza.md section 6.1). Answered by {@link
   * SessionReply.Sent}, {@link SessionReply.NoTimeout} for a session of another kind, or as {@link
   * Append}.
   *
   * @param partId the client's name for this message; a repetition gets the first answer
   */
  record Send(Message message, @Nullable PartId partId) implements Appending {
    Append append() {
      return new Append(
          Channel.IN, List.of(Draft.of(message)), partId, null, null, true, true, null);
    }

    @Override
    public int recordCount() {
      return 1;
    }

    @Override
    public long meteredSize() {
      return message.content(Instant.EPOCH).meteredSize();
    }
  }

  /**
   * Goes on with the turn that a crash or a move of the session has cut off: by another attempt, or
   * by giving up. Answered by {@link SessionReply.TurnOver} or nothing of interest.
   */
  record ResumeTurn() implements SessionCommand {}

  /**
   * Ends a turn and with it the answer to its record. Answered by {@link SessionReply.TurnOver},
   * also when it was over already.
   *
   * @param turn the attempt; of no effect if it is not the one under way
   * @param answer what was said; null for nothing
   * @param error the data of an error record as JSON text; null for none
   */
  record EndTurn(Turn turn, TurnOutcome outcome, @Nullable Message answer, @Nullable String error)
      implements SessionCommand {}
}
