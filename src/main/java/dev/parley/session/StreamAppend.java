package dev.parley.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run of records of one stream, decided together.
 *
 * @param firstSeq the number of the first record; the others follow without gaps
 * @param records at least one
 * @param partId what a repetition of this append is recognised by
 * @param endBytes the metered size of all records that the stream ever had, these included; 0 where
 *     it was not kept yet
 */
public record StreamAppend(
    Channel channel, long firstSeq, List<Entry> records, @Nullable PartId partId, long endBytes) {
  /**
   * @param timestamp Unix milliseconds
   * @param message whether it is part of what user and agent have said to each other; the timestamp
   *     is then the time of its creation
   */
  public record Entry(long timestamp, RecordContent content, boolean message) {
    public Entry(long timestamp, RecordContent content) {
      this(timestamp, content, false);
    }
  }

  public StreamAppend {
    records = List.copyOf(records);
  }

  /** An append that does not know what came before it. */
  public StreamAppend(
      Channel channel, long firstSeq, List<Entry> records, @Nullable PartId partId) {
    this(channel, firstSeq, records, partId, 0);
  }

  /** The metered size of all records, in bytes. */
  public long meteredSize() {
    long size = 0;
    for (Entry entry : records) {
      size += entry.content().meteredSize();
    }
    return size;
  }

  /** The time of the newest message among the records, in Unix milliseconds; 0 for none. */
  long newestMessageAt() {
    long newest = 0;
    for (Entry entry : records) {
      if (entry.message()) {
        newest = entry.timestamp();
      }
    }
    return newest;
  }

  /** The number after the last record. */
  public long endSeq() {
    return firstSeq + records.size();
  }
}
