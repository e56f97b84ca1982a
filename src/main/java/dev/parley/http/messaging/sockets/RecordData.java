package dev.parley.http.messaging.sockets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.parley.http.shared.Json;
import dev.parley.session.RecordContent;
import java.nio.charset.StandardCharsets;

/** The object that a record holds (across.md section 1, trigger.md section 4.1). */
final class RecordData {
  private RecordData() {}

  /** The envelope's data, also if it is an object written as text; missing when there is none. */
  static JsonNode of(RecordContent content) {
    if (!content.headers().isEmpty()) {
      return MissingNode.getInstance();
    }
    JsonNode data = object(content.body().array()).path("data");
    return data.isTextual()
        ? object(data.textValue().getBytes(StandardCharsets.UTF_8))
        : data.isObject() ? data : MissingNode.getInstance();
  }

  private static JsonNode object(byte[] json) {
    return Json.parse(json).filter(JsonNode::isObject).orElse(MissingNode.getInstance());
  }
}
