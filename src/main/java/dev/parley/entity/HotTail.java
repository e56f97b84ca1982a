package dev.parley.entity;

import dev.parley.session.Channel;
import dev.parley.session.ChannelState;
import dev.parley.session.SequencedRecord;
import dev.parley.session.StreamAppend;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The newest durable records of a session, kept in memory for those who follow it. Bounded by the
 * bytes of all streams together; the oldest append goes first.
 */
final class HotTail {
  private final long maxBytes;
  private final Deque<StreamAppend> byAge = new ArrayDeque<>();
  private final Map<Channel, Deque<StreamAppend>> byChannel = new HashMap<>();
  private long bytes;

  HotTail(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Takes in records that have just become durable. */
  void add(StreamAppend append) {
    byAge.addLast(append);
    byChannel.computeIfAbsent(append.channel(), c -> new ArrayDeque<>(2)).addLast(append);
    bytes += append.meteredSize();
    while (bytes > maxBytes && byAge.size() > 1) {
      StreamAppend oldest = byAge.removeFirst();
      Deque<StreamAppend> ofChannel = byChannel.get(oldest.channel());
      ofChannel.removeFirst();
      if (ofChannel.isEmpty()) {
        byChannel.remove(oldest.channel());
      }
      bytes -= oldest.meteredSize();
    }
  }

  void clear() {
    byAge.clear();
    byChannel.clear();
    bytes = 0;
  }

  /** The records from a place on, or empty when the first of them is no longer here. */
  Optional<RecordBatch> read(Channel channel, ChannelState state, long fromSeq, int maxBatchBytes) {
    Deque<StreamAppend> appends = byChannel.get(channel);
    if (appends == null || appends.getFirst().firstSeq() > fromSeq) {
      return Optional.empty();
    }
    List<SequencedRecord> records = new ArrayList<>();
    long batchBytes = 0;
    // Newest first to the append that holds the place, then forward: followers stand near the end.
    Deque<StreamAppend> wanted = new ArrayDeque<>();
    for (var newestFirst = appends.descendingIterator(); newestFirst.hasNext(); ) {
      StreamAppend append = newestFirst.next();
      if (append.endSeq() <= fromSeq) {
        break;
      }
      wanted.addFirst(append);
    }
    for (StreamAppend append : wanted) {
      for (long seq = Math.max(fromSeq, append.firstSeq()); seq < append.endSeq(); seq++) {
        StreamAppend.Entry entry = append.records().get((int) (seq - append.firstSeq()));
        int size = entry.content().meteredSize();
        boolean full =
            batchBytes + size > maxBatchBytes || records.size() == RecordBatch.MAX_RECORDS;
        if (!records.isEmpty() && full) {
          return Optional.of(new RecordBatch(records, state.tail()));
        }
        records.add(new SequencedRecord(seq, entry.timestamp(), entry.content()));
        batchBytes += size;
      }
    }
    return Optional.of(new RecordBatch(records, state.tail()));
  }
}
