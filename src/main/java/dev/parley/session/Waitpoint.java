package dev.parley.session;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who waits: for a record of a stream, for an explicit completion, or for its own
 * deadline, whichever comes first (trigger.md section 5).
 *
 * @param channel the stream it waits on; null for one that is only completed explicitly
 * @param afterSeq it waits for a record behind this number; -1 for any
 * @param timeoutAt its deadline; null for none
 * @param idempotencyKey by which a repeated registration finds it
 * @param idempotencyKeyExpiresAt until when; present if the key is
 * @param outcome how it ended; null as long as it waits
 * @param callback who is told of the end; null for nobody
 */
public record Waitpoint(
    String id,
    @Nullable Channel channel,
    long afterSeq,
    Instant createdAt,
    @Nullable Instant timeoutAt,
    List<String> tags,
    @Nullable String idempotencyKey,
    @Nullable Instant idempotencyKeyExpiresAt,
    @Nullable Outcome outcome,
    @Nullable Callback callback) {
  public Waitpoint {
    tags = List.copyOf(tags);
  }

  /**
   * How a waitpoint ended, once and for all.
   *
   * @param output where the output lies; null when it has none
   */
  public record Outcome(boolean timedOut, Instant at, @Nullable Output output) {}

  /**
   * The first record of a stream, commands left out, at or behind a number.
   *
   * @param fromSeq at or before the record
   */
  public record Output(Channel channel, long fromSeq) {}

  boolean isPending() {
    return outcome == null;
  }

  /** Whether it has ended and somebody has still to be told. */
  boolean owesCallback() {
    return outcome != null && callback != null && !callback.isSettled();
  }

  /** When its callback is to be tried next; null when none is owed. */
  @Nullable Instant nextTry() {
    if (!owesCallback()) {
      return null;
    }
    return callback.nextTry() == null ? outcome.at() : callback.nextTry();
  }

  Waitpoint with(Outcome ended) {
    return with(ended, callback);
  }

  Waitpoint with(SessionEvent.CallbacksMoved moved) {
    return with(outcome, callback == null ? null : callback.after(moved));
  }

  private Waitpoint with(@Nullable Outcome newOutcome, @Nullable Callback newCallback) {
    return new Waitpoint(
        id,
        channel,
        afterSeq,
        createdAt,
        timeoutAt,
        tags,
        idempotencyKey,
        idempotencyKeyExpiresAt,
        newOutcome,
        newCallback);
  }

  boolean isNamed(String key, Instant now) {
    return key.equals(idempotencyKey)
        && (idempotencyKeyExpiresAt == null || idempotencyKeyExpiresAt.isAfter(now));
  }
}
