package dev.parley.http.s2;

import dev.parley.entity.ReadEvent;
import dev.parley.entity.RecordBatch;
import dev.parley.session.SequencedRecord;
import java.util.ArrayList;
import java.util.List;

/** Cuts what a reader gets to what it asked for (s2.md section 5.1). To be used by one read. */
final class ReadLimits {
  /** No record is smaller, so less than this left is nothing left. */
  private static final long SMALLEST_RECORD = 8;

  private final long fromTimestamp;
  private final long until;
  private long count;
  private long bytes;

  /**
   * @param fromTimestamp Unix milliseconds that the first record reaches
   * @param until Unix milliseconds that no record reaches
   * @param count the most records
   * @param bytes the most metered bytes
   */
  ReadLimits(long fromTimestamp, long until, long count, long bytes) {
    this.fromTimestamp = fromTimestamp;
    this.until = until;
    this.count = count;
    this.bytes = bytes;
  }

  /**
   * @param fromTimestamp Unix milliseconds that the first record reaches
   */
  static ReadLimits of(ReadRequest request, long fromTimestamp) {
    return new ReadLimits(
        fromTimestamp,
        request.until() == null ? Long.MAX_VALUE : request.until(),
        request.count() == null ? Long.MAX_VALUE : request.count(),
        request.bytes() == null ? Long.MAX_VALUE : request.bytes());
  }

  /** Whether no record can follow. */
  boolean isExhausted() {
    return count <= 0 || bytes < SMALLEST_RECORD;
  }

  /** What becomes of the event: itself, less of it, and the end when a limit is reached. */
  List<ReadEvent> cut(ReadEvent event) {
    if (!(event instanceof ReadEvent.Batch batch)) {
      return List.of(event);
    }
    List<SequencedRecord> records = batch.records().records();
    int from = 0;
    while (from < records.size() && records.get(from).timestamp() < fromTimestamp) {
      from++;
    }
    int to = from;
    while (to < records.size() && admits(records.get(to))) {
      to++;
    }
    List<ReadEvent> result = new ArrayList<>(2);
    if (from == 0 && to == records.size()) {
      result.add(batch);
    } else if (from < to) {
      RecordBatch part = new RecordBatch(records.subList(from, to), batch.records().tail());
      result.add(new ReadEvent.Batch(part, batch.live()));
    }
    if (to < records.size() || isExhausted()) {
      result.add(new ReadEvent.Done());
    }
    return result;
  }

  private boolean admits(SequencedRecord record) {
    int size = record.content().meteredSize();
    if (count <= 0 || size > bytes || record.timestamp() >= until) {
      return false;
    }
    count--;
    bytes -= size;
    return true;
  }
}
