package dev.parley.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.session.Message;
import dev.parley.session.SequencedRecord;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message as it stands in a record (across.md section 1).
 *
 * @param createdAt the record's timestamp, which is the message's own
 * @param data the message with all its fields
 */
public record MessageRecord(long seq, Instant createdAt, ObjectNode data) {
  /** Empty for a record that holds something else. */
  public static Optional<MessageRecord> of(SequencedRecord record) {
    return data(record)
        .flatMap(MessageRecord::message)
        .map(
            data ->
                new MessageRecord(record.seq(), Instant.ofEpochMilli(record.timestamp()), data));
  }

  /** The data of a record's envelope; empty for a record without one. */
  public static Optional<JsonNode> data(SequencedRecord record) {
    if (!record.content().headers().isEmpty()) {
      return Optional.empty();
    }
    return AgentJson.object(record.content().body().utf8()).map(envelope -> envelope.get("data"));
  }

  /** The message in the data of a record, plainly or as text that holds it. */
  static Optional<ObjectNode> message(JsonNode data) {
    if (data.isTextual()) {
      String text = data.textValue();
      return text.stripLeading().startsWith("{")
          ? AgentJson.object(text).filter(MessageRecord::isMessage)
          : Optional.empty();
    }
    return data instanceof ObjectNode object && isMessage(object)
        ? Optional.of(object)
        : Optional.empty();
  }

  private static boolean isMessage(ObjectNode data) {
    return data.path("type").asText().equals("message") && data.path("content").isTextual();
  }

  public String id() {
    return data.path("id").asText();
  }

  public String content() {
    return data.path("content").textValue();
  }

  public String authorId() {
    return data.path("authorId").asText();
  }

  public boolean isAgent() {
    return data.path("role").asText().equals(Message.Role.AGENT.text());
  }

  /** The message that this one answers; null for none. */
  public @Nullable String inReplyTo() {
    return data.path("inReplyTo").textValue();
  }

  /** What was stored beside the text; empty for nothing. */
  public ObjectNode metadata() {
    return data.path("metadata") instanceof ObjectNode metadata ? metadata : AgentJson.newObject();
  }
}
