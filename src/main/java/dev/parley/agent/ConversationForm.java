package dev.parley.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.entity.MessageForm;
import dev.parley.session.Channel;
import dev.parley.session.Message;
import dev.parley.session.SessionCommand.Draft;
import dev.parley.session.SessionInfo;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Messages that come as records, over the durable face or its data plane (across.md section 1): all
 * data on {@code .in} is a message of the user, made into one if need be; on {@code .out} only what
 * says that it is one. The session and not the writer says who the author is, and when it was.
 */
public final class ConversationForm implements MessageForm {
  @Override
  public List<Draft> form(SessionInfo info, Channel channel, List<Draft> records) {
    JsonNode parties = AgentJson.parties(info);
    return records.stream().map(record -> form(parties, channel, record)).toList();
  }

  private static Draft form(JsonNode parties, Channel channel, Draft record) {
    if (!record.content().headers().isEmpty()) {
      return record;
    }
    Optional<ObjectNode> envelope = AgentJson.object(record.content().body().utf8());
    JsonNode data = envelope.map(json -> json.get("data")).orElse(null);
    Optional<ObjectNode> said = data == null ? Optional.empty() : MessageRecord.message(data);
    if (channel.equals(Channel.OUT)) {
      return said.map(message -> ofAgent(parties, envelope.orElseThrow(), message)).orElse(record);
    }
    String recordId = envelope.map(ConversationForm::recordId).orElseGet(() -> newId());
    return Draft.of(
        said.map(message -> ofUser(parties, recordId, message))
            .orElseGet(() -> wrapped(parties, recordId, text(data, record))));
  }

  /** What was written, should it be in no form that is known here. */
  private static String text(JsonNode data, Draft record) {
    if (data == null) {
      return record.content().body().utf8();
    }
    return data.isTextual() ? data.textValue() : AgentJson.text(data);
  }

  private static Message wrapped(JsonNode parties, String recordId, String text) {
    return new Message(
        newId(),
        Message.Role.USER,
        text,
        parties.path("userId").asText(),
        null,
        "\"metadata\":{}",
        recordId);
  }

  private static Message ofUser(JsonNode parties, String recordId, ObjectNode said) {
    ObjectNode more = AgentJson.newObject();
    more.set(
        "metadata",
        said.path("metadata").isObject() ? said.get("metadata") : AgentJson.newObject());
    if (said.path("attachments").isArray()) {
      more.set("attachments", said.get("attachments"));
    }
    return new Message(
        id(said),
        Message.Role.USER,
        said.get("content").textValue(),
        parties.path("userId").asText(),
        null,
        fields(more),
        recordId);
  }

  private static Draft ofAgent(JsonNode parties, ObjectNode envelope, ObjectNode said) {
    ObjectNode more = AgentJson.newObject();
    for (String field : List.of("thought", "actions", "attachments", "metadata")) {
      if (said.hasNonNull(field)) {
        more.set(field, said.get(field));
      }
    }
    return Draft.of(
        new Message(
            id(said),
            Message.Role.AGENT,
            said.get("content").textValue(),
            parties.path("agentId").asText(),
            said.path("inReplyTo").textValue(),
            fields(more),
            recordId(envelope)));
  }

  /** The fields of an object as they stand in it. */
  static String fields(ObjectNode object) {
    String text = AgentJson.text(object);
    return text.substring(1, text.length() - 1);
  }

  private static String id(ObjectNode said) {
    String id = said.path("id").asText();
    return id.isBlank() ? newId() : id;
  }

  private static String recordId(ObjectNode envelope) {
    return envelope.path("id").isTextual() ? envelope.get("id").textValue() : newId();
  }

  private static String newId() {
    return UUID.randomUUID().toString();
  }
}
