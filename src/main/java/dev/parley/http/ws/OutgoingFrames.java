package dev.parley.http.ws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.entity.RecordBatch;
import dev.parley.http.shared.Json;
import dev.parley.session.Channel;
import dev.parley.session.Header;
import dev.parley.session.IsoTime;
import dev.parley.session.SequencedRecord;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a client is told (across.md section 5). */
final class OutgoingFrames {
  private OutgoingFrames() {}

  static String subscribed(@Nullable JsonNode ref, RequestHandling.Found found) {
    ObjectNode frame = withChannel(frame("subscribed", ref), found.session(), found.channel());
    return Json.text(frame.put("from", found.from()).put("tail", found.tail()));
  }

  static String unsubscribed(@Nullable JsonNode ref) {
    return Json.text(frame("unsubscribed", ref));
  }

  static String acknowledged(@Nullable JsonNode ref, long seq) {
    return Json.text(frame("ack", ref).put("seq", seq));
  }

  static String authenticated(@Nullable JsonNode ref, Instant expiresAt) {
    return Json.text(frame("authenticated", ref).put("expiresAt", IsoTime.format(expiresAt)));
  }

  static String lifecycle(String session, JsonNode event) {
    return Json.text(frame("lifecycle", null).put("session", session).set("event", event));
  }

  static String error(@Nullable JsonNode ref, String code, String message) {
    return Json.text(frame("error", ref).put("code", code).put("message", message));
  }

  /** Commands among the records are left out; empty when nothing else is there. */
  static Optional<String> records(Subscription subscription, RecordBatch batch) {
    ObjectNode frame =
        withChannel(frame("records", null), subscription.session(), subscription.channel());
    ArrayNode records = frame.putArray("records");
    for (SequencedRecord record : batch.records()) {
      if (!record.content().isCommand()) {
        records.add(json(record));
      }
    }
    return records.isEmpty() ? Optional.empty() : Optional.of(Json.text(frame));
  }

  private static ObjectNode frame(String type, @Nullable JsonNode ref) {
    ObjectNode frame = Json.object().put("type", type);
    return ref == null ? frame : frame.set("ref", ref);
  }

  private static ObjectNode withChannel(ObjectNode frame, String session, Channel channel) {
    frame.put("session", session).put("channel", channel.direction().wireName());
    return channel.isReservedPair() ? frame : frame.put("name", channel.name());
  }

  private static ObjectNode json(SequencedRecord record) {
    ObjectNode json = Json.object().put("seq", record.seq()).put("timestamp", record.timestamp());
    Optional<JsonNode> envelope =
        record.content().headers().isEmpty()
            ? Json.parse(record.content().body().array()).filter(node -> node.has("data"))
            : Optional.empty();
    if (envelope.isPresent()) {
      json.set("data", envelope.get().get("data"));
      if (envelope.get().path("id").isTextual()) {
        json.set("id", envelope.get().get("id"));
      }
    } else {
      json.put("data", record.content().body().utf8());
    }
    if (!record.content().headers().isEmpty()) {
      ArrayNode headers = json.putArray("headers");
      for (Header header : record.content().headers()) {
        headers.addArray().add(header.name().utf8()).add(header.value().utf8());
      }
    }
    return json;
  }
}
