package dev.parley.http.shared;

import dev.parley.entity.ReadEvent;
import dev.parley.entity.RecordBatch;
import dev.parley.session.Bytes;
import dev.parley.session.Header;
import dev.parley.session.JsonBuffer;
import dev.parley.session.Position;
import dev.parley.session.RecordContent;
import dev.parley.session.SequencedRecord;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import org.apache.pekko.util.ByteString;

/**
 * Server-sent events of one reader (trigger.md section 4.4, s2.md section 5.3). The line with the
 * records is the same for all readers of a batch and encoded once; only the id line, which counts
 * what this reader got, is its own. To be used by one stream.
 */
public final class SseFormat {
  private static final RecordBatch.Encoding CATCH_UP = batch -> data(batch, false);
  private static final RecordBatch.Encoding LIVE = batch -> data(batch, true);
  private static final ByteString DONE = ByteString.fromString("data: [DONE]\n\n");

  private final Clock clock;
  private long records;
  private long bytes;

  public SseFormat(Clock clock) {
    this.clock = clock;
  }

  /** The event as it goes over the wire. */
  public ByteString write(ReadEvent event) {
    if (event instanceof ReadEvent.Batch batch) {
      return batch(batch.records(), batch.live());
    }
    if (event instanceof ReadEvent.Ping ping) {
      return ping(ping.tail());
    }
    if (event instanceof ReadEvent.Failed failed) {
      return ByteString.fromString("event: error\ndata: " + failed.reason() + "\n\n");
    }
    return DONE;
  }

  private ByteString batch(RecordBatch batch, boolean live) {
    records += batch.records().size();
    bytes += batch.meteredBytes();
    String head = "event: batch\nid: " + (batch.endSeq() - 1) + "," + records + "," + bytes + "\n";
    return ByteString.fromString(head, StandardCharsets.ISO_8859_1)
        .concat(batch.encodedAs(live ? LIVE : CATCH_UP));
  }

  private ByteString ping(Position tail) {
    JsonBuffer out = new JsonBuffer(128).raw("event: ping\ndata: {\"timestamp\":");
    position(out.number(clock.millis()).raw(",\"tail\":"), tail);
    return ByteString.fromArrayUnsafe(out.raw("}\n\n").toBytes());
  }

  private static ByteString data(RecordBatch batch, boolean live) {
    JsonBuffer out = new JsonBuffer((int) (batch.meteredBytes() * 5 / 4) + 256);
    out.raw("data: {\"records\":[");
    String separator = "{\"seq_num\":";
    for (SequencedRecord record : batch.records()) {
      out.raw(separator).number(record.seq()).raw(",\"timestamp\":").number(record.timestamp());
      content(out, record.content());
      out.raw("}");
      separator = ",{\"seq_num\":";
    }
    out.raw("]");
    if (live) {
      position(out.raw(",\"tail\":"), batch.tail());
    }
    return ByteString.fromArrayUnsafe(out.raw("}\n\n").toBytes());
  }

  private static void content(JsonBuffer out, RecordContent content) {
    if (!content.headers().isEmpty()) {
      String separator = ",\"headers\":[[";
      for (Header header : content.headers()) {
        out.raw(separator).quoted(text(header.name())).raw(",").quoted(text(header.value()));
        separator = "],[";
      }
      out.raw("]]");
    }
    if (!content.body().isEmpty()) {
      out.raw(",\"body\":").quoted(text(content.body()));
    }
  }

  private static void position(JsonBuffer out, Position tail) {
    out.raw("{\"seq_num\":").number(tail.seq()).raw(",\"timestamp\":");
    out.number(tail.timestamp()).raw("}");
  }

  /** The bytes themselves if they are text, else with U+FFFD in the place of what is not. */
  private static byte[] text(Bytes bytes) {
    for (byte b : bytes.array()) {
      if (b < 0) {
        return bytes.utf8().getBytes(StandardCharsets.UTF_8);
      }
    }
    return bytes.array();
  }
}
