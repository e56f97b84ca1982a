package dev.parley.agent;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.session.IsoTime;
import dev.parley.session.SessionInfo;
import dev.parley.session.Text;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** JSON as agents speak it. Depth, length of numbers and size of names are bounded by Jackson. */
final class AgentJson {
  /** What could be read can be written within a few objects and arrays of ours. */
  private static final int WRAPPING = 100;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamWriteConstraints(
                      StreamWriteConstraints.builder()
                          .maxNestingDepth(StreamReadConstraints.DEFAULT_MAX_DEPTH + WRAPPING)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private AgentJson() {}

  /** The object in the text, or empty when it is something else. */
  static Optional<ObjectNode> object(String text) {
    try {
      return MAPPER.readTree(text) instanceof ObjectNode object
          ? Optional.of(object)
          : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** Who talks in a messaging session, by the names of its base payload; empty for another one. */
  static JsonNode parties(SessionInfo info) {
    return object(info.triggerConfig())
        .map(config -> config.path("basePayload"))
        .orElseGet(AgentJson::newObject);
  }

  static ObjectNode newObject() {
    return MAPPER.createObjectNode();
  }

  /** The value in the text, or empty when it is none. */
  static Optional<JsonNode> value(String text) {
    try {
      return Optional.of(MAPPER.readTree(text)).filter(node -> !node.isMissingNode());
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  static byte[] bytes(JsonNode node) {
    return text(node).getBytes(StandardCharsets.UTF_8);
  }

  /** The shortest text; it can be written as UTF-8. */
  static String text(JsonNode node) {
    try {
      return Text.escapeHalfPairs(MAPPER.writeValueAsString(node));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  /** What a webhook is told of a turn. */
  static ObjectNode turn(String agentId, Turn turn, int history) {
    ObjectNode body = newObject().put("type", "message").put("agentId", agentId);
    body.putObject("session").put("id", turn.sessionId()).put("externalId", turn.externalId());
    body.put("channelId", turn.channelId()).put("userId", turn.userId());
    ObjectNode message = body.putObject("message");
    message.put("id", turn.message().id()).put("content", turn.message().content());
    var attachments = message.putArray("attachments");
    turn.message().attachments().forEach(attachment -> attachments.add(attachment.toJson()));
    message.set("metadata", object(turn.message().metadata()).orElseGet(AgentJson::newObject));
    var entries = body.putArray("history");
    for (Turn.Entry entry : turn.lastEntries(history)) {
      entries
          .addObject()
          .put("role", entry.role() == Turn.Role.USER ? "user" : "agent")
          .put("content", entry.content())
          .put("createdAt", IsoTime.format(entry.createdAt()));
    }
    return body;
  }
}
