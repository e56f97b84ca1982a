package dev.parley.http.s2;

import com.google.protobuf.UnsafeByteOperations;
import dev.parley.entity.ReadEvent;
import dev.parley.entity.RecordBatch;
import dev.parley.http.s2.proto.Header;
import dev.parley.http.s2.proto.ReadBatch;
import dev.parley.http.s2.proto.SequencedRecord;
import dev.parley.session.Bytes;
import dev.parley.session.Position;
import java.util.List;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** Batches of records as protobuf messages and as frames of a read session (s2.md section 5.4). */
final class ReadFrames {
  private static final RecordBatch.Encoding CATCH_UP =
      batch -> wrap(Frame.of(message(batch.records(), null)));
  private static final RecordBatch.Encoding LIVE =
      batch -> wrap(Frame.of(message(batch.records(), batch.tail())));

  private ReadFrames() {}

  /** The event as a frame; nothing for the end, which needs no frame. */
  static ByteString write(ReadEvent event) {
    if (event instanceof ReadEvent.Batch batch) {
      return batch.records().encodedAs(batch.live() ? LIVE : CATCH_UP);
    }
    if (event instanceof ReadEvent.Ping ping) {
      return wrap(Frame.of(message(List.of(), ping.tail())));
    }
    if (event instanceof ReadEvent.Failed failed) {
      return wrap(S2Error.unavailable(failed.reason()).frame());
    }
    return ByteString.emptyByteString();
  }

  /**
   * @param tail left out when null
   */
  static ReadBatch message(
      List<dev.parley.session.SequencedRecord> records, @Nullable Position tail) {
    ReadBatch.Builder batch = ReadBatch.newBuilder();
    for (dev.parley.session.SequencedRecord record : records) {
      SequencedRecord.Builder message =
          SequencedRecord.newBuilder()
              .setSeqNum(record.seq())
              .setTimestamp(record.timestamp())
              .setBody(bytes(record.content().body()));
      for (dev.parley.session.Header header : record.content().headers()) {
        message.addHeaders(
            Header.newBuilder().setName(bytes(header.name())).setValue(bytes(header.value())));
      }
      batch.addRecords(message);
    }
    if (tail != null) {
      batch.setTail(Acks.message(tail));
    }
    return batch.build();
  }

  private static ByteString wrap(byte[] frame) {
    return ByteString.fromArrayUnsafe(frame);
  }

  private static com.google.protobuf.ByteString bytes(Bytes bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes.array());
  }
}
