package dev.parley.entity;

import dev.parley.session.Position;
import dev.parley.session.SequencedRecord;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive records of one stream, shared by all its readers on a node, and with them the bytes
 * they were first encoded to.
 */
public final class RecordBatch {
  /** A form in which batches go over the wire. One instance for each form. */
  public interface Encoding {
    ByteString encode(RecordBatch batch);
  }

  /** The most records that are read at once (s2.md section 5.4). */
  public static final int MAX_RECORDS = 1_000;

  private record Encoded(Encoding encoding, ByteString bytes) {}

  private final List<SequencedRecord> records;
  private final Position tail;
  private final long meteredBytes;
  private final AtomicReference<@Nullable Encoded> encoded = new AtomicReference<>();

  /**
   * @param records at least one, numbered without gaps
   * @param tail where the stream ended when they were read
   */
  public RecordBatch(List<SequencedRecord> records, Position tail) {
    this.records = List.copyOf(records);
    this.tail = tail;
    this.meteredBytes = records.stream().mapToLong(r -> r.content().meteredSize()).sum();
  }

  public List<SequencedRecord> records() {
    return records;
  }

  public Position tail() {
    return tail;
  }

  public long firstSeq() {
    return records.get(0).seq();
  }

  /** The number after the last record. */
  public long endSeq() {
    return records.get(records.size() - 1).seq() + 1;
  }

  public long meteredBytes() {
    return meteredBytes;
  }

  /** The batch in the given form, encoded once for whoever asks again. */
  public ByteString encodedAs(Encoding encoding) {
    Encoded known = encoded.get();
    if (known != null && known.encoding() == encoding) {
      return known.bytes();
    }
    ByteString bytes = encoding.encode(this);
    encoded.compareAndSet(null, new Encoded(encoding, bytes));
    return bytes;
  }
}
