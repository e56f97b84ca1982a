package dev.parley.http.channels;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.entity.ReadEvent;
import dev.parley.entity.RecordBatch;
import dev.parley.http.shared.Json;
import dev.parley.session.Header;
import dev.parley.session.SequencedRecord;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/** The records of a drain (trigger.md section 4.5). To be used by one answer. */
final class RecordsJson {
  static final ByteString START = ByteString.fromString("{\"records\":[");
  static final ByteString END = ByteString.fromString("]}");

  private boolean first = true;

  /** The records without commands; a read that fails breaks the answer off. */
  ByteString write(ReadEvent event) {
    if (event instanceof ReadEvent.Batch batch) {
      return write(batch.records());
    }
    if (event instanceof ReadEvent.Failed failed) {
      throw new IllegalStateException(failed.reason());
    }
    return ByteString.emptyByteString();
  }

  private ByteString write(RecordBatch batch) {
    StringBuilder out = new StringBuilder();
    for (SequencedRecord record : batch.records()) {
      if (!record.content().isCommand()) {
        out.append(first ? "" : ",").append(Json.text(json(record)));
        first = false;
      }
    }
    return ByteString.fromString(out.toString());
  }

  private static ObjectNode json(SequencedRecord record) {
    ObjectNode json = Json.object();
    if (record.content().isControl()) {
      json.put("data", "").put("id", "");
    } else {
      Optional<JsonNode> envelope =
          Json.parse(record.content().body().array()).filter(node -> node.has("data"));
      if (envelope.isPresent()) {
        json.set("data", envelope.get().get("data"));
        json.put("id", envelope.get().path("id").asText(""));
      } else {
        json.put("data", record.content().body().utf8()).put("id", "");
      }
    }
    json.put("seqNum", record.seq());
    if (!record.content().headers().isEmpty()) {
      ArrayNode headers = json.putArray("headers");
      for (Header header : record.content().headers()) {
        headers.addArray().add(header.name().utf8()).add(header.value().utf8());
      }
    }
    return json;
  }
}
