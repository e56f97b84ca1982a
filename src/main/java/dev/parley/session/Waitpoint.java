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
    @Nullable Outcome outcome) {
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

  Waitpoint with(Outcome ended) {
    return new Waitpoint(
        id,
        channel,
        afterSeq,
        createdAt,
        timeoutAt,
        tags,
        idempotencyKey,
        idempotencyKeyExpiresAt,
        ended);
  }

  boolean isNamed(String key, Instant now) {
    return key.equals(idempotencyKey)
        && (idempotencyKeyExpiresAt == null || idempotencyKeyExpiresAt.isAfter(now));
  }
}
