package dev.parley.http.shared;

import dev.parley.entity.RecordBatch;
import dev.parley.session.Bytes;
import dev.parley.session.Header;
import dev.parley.session.JsonBuffer;
import dev.parley.session.Position;
import dev.parley.session.RecordContent;
import dev.parley.session.SequencedRecord;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** {@code {"records":[…],"tail":{…}}}, as readers get it (s2.md section 5.2). */
public final class RecordsDocument {
  /** How names, values and bodies, which are bytes, become text. */
  public enum Form {
    /** As UTF-8, with U+FFFD in the place of what is not. */
    RAW {
      @Override
      void text(JsonBuffer out, Bytes bytes) {
        out.quoted(utf8(bytes));
      }
    },
    /** As standard base64 with padding. */
    BASE64 {
      @Override
      void text(JsonBuffer out, Bytes bytes) {
        out.raw("\"").raw(Base64.getEncoder().encode(bytes.array())).raw("\"");
      }
    };

    private final RecordBatch.Encoding data = batch -> data(batch, false);
    private final RecordBatch.Encoding liveData = batch -> data(batch, true);

    abstract void text(JsonBuffer out, Bytes bytes);

    /** The {@code data:} line of an event with the records. */
    RecordBatch.Encoding data() {
      return data;
    }

    /** The same with the tail, for a reader who follows it. */
    RecordBatch.Encoding liveData() {
      return liveData;
    }

    private ByteString data(RecordBatch batch, boolean live) {
      JsonBuffer out = new JsonBuffer(capacity(batch.meteredBytes())).raw("data: ");
      write(out, batch.records(), live ? batch.tail() : null, this);
      return ByteString.fromArrayUnsafe(out.raw("\n\n").toBytes());
    }
  }

  private RecordsDocument() {}

  /**
   * The document by itself.
   *
   * @param tail left out when null
   */
  public static byte[] of(List<SequencedRecord> records, @Nullable Position tail, Form form) {
    long size = records.stream().mapToLong(record -> record.content().meteredSize()).sum();
    JsonBuffer out = new JsonBuffer(capacity(size));
    write(out, records, tail, form);
    return out.toBytes();
  }

  /** {@code {"seq_num":…,"timestamp":…}}. */
  public static JsonBuffer position(JsonBuffer out, Position position) {
    out.raw("{\"seq_num\":").number(position.seq()).raw(",\"timestamp\":");
    return out.number(position.timestamp()).raw("}");
  }

  private static int capacity(long meteredBytes) {
    return (int) (meteredBytes * 5 / 4) + 256;
  }

  private static void write(
      JsonBuffer out, List<SequencedRecord> records, @Nullable Position tail, Form form) {
    out.raw("{\"records\":[");
    String separator = "{\"seq_num\":";
    for (SequencedRecord record : records) {
      out.raw(separator).number(record.seq()).raw(",\"timestamp\":").number(record.timestamp());
      content(out, record.content(), form);
      out.raw("}");
      separator = ",{\"seq_num\":";
    }
    out.raw("]");
    if (tail != null) {
      position(out.raw(",\"tail\":"), tail);
    }
    out.raw("}");
  }

  private static void content(JsonBuffer out, RecordContent content, Form form) {
    if (!content.headers().isEmpty()) {
      String separator = ",\"headers\":[[";
      for (Header header : content.headers()) {
        out.raw(separator);
        form.text(out, header.name());
        out.raw(",");
        form.text(out, header.value());
        separator = "],[";
      }
      out.raw("]]");
    }
    if (!content.body().isEmpty()) {
      out.raw(",\"body\":");
      form.text(out, content.body());
    }
  }

  private static byte[] utf8(Bytes bytes) {
    for (byte b : bytes.array()) {
      if (b < 0) {
        return bytes.utf8().getBytes(StandardCharsets.UTF_8);
      }
    }
    return bytes.array();
  }
}
