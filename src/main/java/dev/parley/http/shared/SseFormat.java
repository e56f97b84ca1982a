package dev.parley.http.shared;

import dev.parley.entity.ReadEvent;
import dev.parley.entity.RecordBatch;
import dev.parley.session.JsonBuffer;
import dev.parley.session.Position;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * Server-sent events of one reader (trigger.md section 4.4, s2.md section 5.3). The line with the
 * records is the same for all readers of a batch and encoded once; only the id line, which counts
 * what this reader got, is its own. To be used by one stream.
 */
public final class SseFormat {
  private static final ContentType EVENT_STREAM = ContentTypes.create(MediaTypes.TEXT_EVENT_STREAM);

  /** Proxies neither keep nor gather what is written as it happens. */
  private static final List<HttpHeader> HEADERS =
      List.of(
          RawHeader.create("Cache-Control", "no-cache, no-transform"),
          RawHeader.create("X-Accel-Buffering", "no"));

  private static final ByteString DONE = ByteString.fromString("data: [DONE]\n\n");

  private final Clock clock;
  private final RecordsDocument.Form form;
  private long records;
  private long bytes;

  /** Events of a reader who begins now. */
  public SseFormat(Clock clock) {
    this(clock, RecordsDocument.Form.RAW, 0, 0);
  }

  /**
   * Events of a reader who goes on.
   *
   * @param records how many it has got
   * @param bytes their metered size
   */
  public SseFormat(Clock clock, RecordsDocument.Form form, long records, long bytes) {
    this.clock = clock;
    this.form = form;
    this.records = records;
    this.bytes = bytes;
  }

  /** An answer that lasts as long as the events. */
  public static HttpResponse response(Source<ByteString, NotUsed> events) {
    return HttpResponse.create()
        .addHeaders(HEADERS)
        .withEntity(HttpEntities.create(EVENT_STREAM, events));
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
      return error(failed.reason());
    }
    return DONE;
  }

  /**
   * The event after which the reader should come again.
   *
   * @param text in one line
   */
  public static ByteString error(String text) {
    return ByteString.fromString("event: error\ndata: " + text + "\n\n");
  }

  private ByteString batch(RecordBatch batch, boolean live) {
    records += batch.records().size();
    bytes += batch.meteredBytes();
    String head = "event: batch\nid: " + (batch.endSeq() - 1) + "," + records + "," + bytes + "\n";
    return ByteString.fromString(head, StandardCharsets.ISO_8859_1)
        .concat(batch.encodedAs(live ? form.liveData() : form.data()));
  }

  private ByteString ping(Position tail) {
    JsonBuffer out = new JsonBuffer(128).raw("event: ping\ndata: {\"timestamp\":");
    RecordsDocument.position(out.number(clock.millis()).raw(",\"tail\":"), tail);
    return ByteString.fromArrayUnsafe(out.raw("}\n\n").toBytes());
  }
}
