package dev.parley.session;

import java.util.Arrays;

/**
 * Where in the journal a record lies: for some sequence numbers of a stream the journal sequence
 * number of the event that begins with it, and the record's timestamp. The stride doubles whenever
 * {@link #MAX_ENTRIES} is reached, so that any place is found without a scan of the whole and the
 * index stays small. Immutable.
 */
public final class SparseIndex {
  public static final int MAX_ENTRIES = 128;
  public static final SparseIndex EMPTY = new SparseIndex(1, new long[0], new long[0], new long[0]);

  private final long stride;
  private final long[] seqs;
  private final long[] versions;
  private final long[] timestamps;

  private SparseIndex(long stride, long[] seqs, long[] versions, long[] timestamps) {
    this.stride = stride;
    this.seqs = seqs;
    this.versions = versions;
    this.timestamps = timestamps;
  }

  /** The index that a snapshot kept; the arrays are of equal length and ascending. */
  public static SparseIndex of(long stride, long[] seqs, long[] versions, long[] timestamps) {
    return new SparseIndex(stride, seqs, versions, timestamps);
  }

  public long stride() {
    return stride;
  }

  public long[] seqs() {
    return seqs;
  }

  public long[] versions() {
    return versions;
  }

  public long[] timestamps() {
    return timestamps;
  }

  /**
   * Notes that the event {@code version} begins with record {@code seq} of this stream.
   *
   * @param timestamp of that record, in Unix milliseconds
   */
  SparseIndex add(long seq, long version, long timestamp) {
    int last = seqs.length - 1;
    // One event may hold several runs of one stream; the first of them stands for it.
    if (last >= 0 && (seq < seqs[last] + stride || versions[last] == version)) {
      return this;
    }
    if (seqs.length == MAX_ENTRIES) {
      return thinned().add(seq, version, timestamp);
    }
    return new SparseIndex(
        stride, with(seqs, seq), with(versions, version), with(timestamps, timestamp));
  }

  /** The newest known event that begins at or before the record; 1 when none is known. */
  public long versionAtOrBefore(long seq) {
    int at = Arrays.binarySearch(seqs, seq);
    int entry = at >= 0 ? at : -at - 2;
    return entry < 0 ? 1 : versions[entry];
  }

  /** An event behind which no record below this one lies; the largest number when none is known. */
  public long versionAtOrAfter(long seq) {
    int at = Arrays.binarySearch(seqs, seq);
    int entry = at >= 0 ? at : -at - 1;
    return entry == seqs.length ? Long.MAX_VALUE : versions[entry];
  }

  /**
   * A sequence number at or before the first record whose timestamp is not below the one given; 0
   * when none is known.
   */
  public long seqBefore(long timestamp) {
    int entry = timestamps.length - 1;
    while (entry >= 0 && timestamps[entry] >= timestamp) {
      entry--;
    }
    return entry < 0 ? 0 : seqs[entry];
  }

  private SparseIndex thinned() {
    return new SparseIndex(
        stride * 2, everySecond(seqs), everySecond(versions), everySecond(timestamps));
  }

  private static long[] with(long[] values, long next) {
    long[] longer = Arrays.copyOf(values, values.length + 1);
    longer[values.length] = next;
    return longer;
  }

  private static long[] everySecond(long[] values) {
    long[] half = new long[(values.length + 1) / 2];
    for (int i = 0; i < half.length; i++) {
      half[i] = values[2 * i];
    }
    return half;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SparseIndex that
        && stride == that.stride
        && Arrays.equals(seqs, that.seqs)
        && Arrays.equals(versions, that.versions)
        && Arrays.equals(timestamps, that.timestamps);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(seqs);
  }
}
