package dev.parley.session;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/**
 * The last {@link #MAX_COUNT} batches that the SDK's writers appended to a stream, and the sequence
 * number each got. A writer that gets no acknowledgement sends the same batch again (s2.md section
 * 4.4), and the random ids in its records tell that it is the same one.
 *
 * <p>A batch is known by 64 bits of checksum over all its bytes. Two batches of the same length
 * that differ in nothing but one id never have the same, because any difference within 64
 * neighbouring bits shows in one of the two polynomials. Immutable.
 */
public final class BatchWindow {
  /** More than a writer has under way when its server goes away. */
  public static final int MAX_COUNT = 512;

  public static final BatchWindow EMPTY = new BatchWindow(new long[0], new long[0]);

  private final long[] digests;
  private final long[] seqs;

  private BatchWindow(long[] digests, long[] seqs) {
    this.digests = digests;
    this.seqs = seqs;
  }

  /** The window that a snapshot kept; the arrays are of equal length, oldest first. */
  public static BatchWindow of(long[] digests, long[] seqs) {
    return digests.length == 0 ? EMPTY : new BatchWindow(digests, seqs);
  }

  public long[] digests() {
    return digests;
  }

  public long[] seqs() {
    return seqs;
  }

  /** The number that the first record of this batch got, if it is still remembered. */
  OptionalLong find(List<RecordContent> batch) {
    if (digests.length == 0 || !isRecognizable(batch)) {
      return OptionalLong.empty();
    }
    long digest = digest(batch);
    for (int i = digests.length - 1; i >= 0; i--) {
      if (digests[i] == digest) {
        return OptionalLong.of(seqs[i]);
      }
    }
    return OptionalLong.empty();
  }

  /** Remembers the batch, unless it could not be told from another with the same content. */
  BatchWindow add(List<RecordContent> batch, long seq) {
    return isRecognizable(batch)
        ? new BatchWindow(with(digests, digest(batch)), with(seqs, seq))
        : this;
  }

  private static boolean isRecognizable(List<RecordContent> batch) {
    for (RecordContent record : batch) {
      if (!record.isSdkData()) {
        return false;
      }
    }
    return !batch.isEmpty();
  }

  private static long digest(List<RecordContent> batch) {
    return checksum(new CRC32C(), batch) << 32 | checksum(new CRC32(), batch);
  }

  private static long checksum(Checksum checksum, List<RecordContent> batch) {
    for (RecordContent record : batch) {
      byte[] body = record.body().array();
      checksum.update(ByteBuffer.allocate(Integer.BYTES).putInt(body.length).array());
      checksum.update(body);
    }
    return checksum.getValue();
  }

  private static long[] with(long[] values, long newest) {
    int dropped = values.length == MAX_COUNT ? 1 : 0;
    long[] next = Arrays.copyOfRange(values, dropped, values.length + 1);
    next[next.length - 1] = newest;
    return next;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BatchWindow that
        && Arrays.equals(digests, that.digests)
        && Arrays.equals(seqs, that.seqs);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(digests);
  }
}
