package dev.parley.session;

import java.util.Arrays;

/**
 * Where in the journal a record lies: for some sequence numbers of a stream the journal sequence
 * number of the event that begins with it. The stride doubles whenever {@link #MAX_ENTRIES} is
 * reached, so that any place is found without a scan of the whole and the index stays small.
 * Immutable.
 */
public final class SparseIndex {
  public static final int MAX_ENTRIES = 128;
  public static final SparseIndex EMPTY = new SparseIndex(1, new long[0], new long[0]);

  private final long stride;
  private final long[] seqs;
  private final long[] versions;

  private SparseIndex(long stride, long[] seqs, long[] versions) {
    this.stride = stride;
    this.seqs = seqs;
    this.versions = versions;
  }

  /** The index that a snapshot kept; the arrays are of equal length and ascending. */
  public static SparseIndex of(long stride, long[] seqs, long[] versions) {
    return new SparseIndex(stride, seqs, versions);
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

  /** Notes that the event {@code version} begins with record {@code seq} of this stream. */
  SparseIndex add(long seq, long version) {
    int last = seqs.length - 1;
    // One event may hold several runs of one stream; the first of them stands for it.
    if (last >= 0 && (seq < seqs[last] + stride || versions[last] == version)) {
      return this;
    }
    if (seqs.length == MAX_ENTRIES) {
      return thinned().add(seq, version);
    }
    long[] newSeqs = Arrays.copyOf(seqs, seqs.length + 1);
    long[] newVersions = Arrays.copyOf(versions, versions.length + 1);
    newSeqs[seqs.length] = seq;
    newVersions[seqs.length] = version;
    return new SparseIndex(stride, newSeqs, newVersions);
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

  private SparseIndex thinned() {
    int half = (seqs.length + 1) / 2;
    long[] newSeqs = new long[half];
    long[] newVersions = new long[half];
    for (int i = 0; i < half; i++) {
      newSeqs[i] = seqs[2 * i];
      newVersions[i] = versions[2 * i];
    }
    return new SparseIndex(stride * 2, newSeqs, newVersions);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SparseIndex that
        && stride == that.stride
        && Arrays.equals(seqs, that.seqs)
        && Arrays.equals(versions, that.versions);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(seqs);
  }
}
