package dev.parley.chaos;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.chaos.history.Operation.Item;
import java.util.List;
import java.util.stream.StreamSupport;

/** Records as the server shows them in its several documents. */
final class ShownRecords {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ShownRecords() {}

  /** Of {@code GET …/records}. */
  static List<Item> ofRecords(JsonNode document) {
    return StreamSupport.stream(document.get("records").spliterator(), false)
        .map(record -> new Item(record.get("seqNum").asLong(), record.get("data").asText()))
        .toList();
  }

  /** Of an event of the live channel, or of a read of the S2 data plane. */
  static List<Item> ofBatch(JsonNode document) {
    return StreamSupport.stream(document.get("records").spliterator(), false)
        .map(record -> new Item(record.get("seq_num").asLong(), data(record.path("body").asText())))
        .toList();
  }

  /** The text that was appended: the envelope's, or the body itself where there is no envelope. */
  private static String data(String body) {
    if (!body.startsWith("{")) {
      return body;
    }
    try {
      JsonNode envelope = JSON.readTree(body);
      return envelope.has("data") ? envelope.get("data").asText() : body;
    } catch (JsonProcessingException e) {
      return body;
    }
  }
}
