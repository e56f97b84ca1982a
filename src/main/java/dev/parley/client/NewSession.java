package dev.parley.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;
import java.util.Collection;

/** What a session is to be created with. Each method gives a changed copy. */
public final class NewSession {
  private static final String TRIGGER = "triggerConfig";
  private final ObjectNode body;

  private NewSession(ObjectNode body) {
    this.body = body;
  }

  /**
   * The least that must be said.
   *
   * @param type up to 64 characters
   * @param taskIdentifier who is to answer, up to 128 characters
   */
  public static NewSession of(String type, String taskIdentifier) {
    ObjectNode body = Json.object().put("type", type).put("taskIdentifier", taskIdentifier);
    body.putObject(TRIGGER).putObject("basePayload");
    return new NewSession(body);
  }

  /**
   * Under this id there is one session, however often it is created.
   *
   * @param id up to 256 characters, not beginning with {@code session_}
   */
  public NewSession externalId(String id) {
    return with("externalId", TextNode.valueOf(id));
  }

  /**
   * @param tags up to 10, each up to 128 characters
   */
  public NewSession tags(Collection<String> tags) {
    return with("tags", SessionChange.array(tags));
  }

  /** What the application wants to know of it; a list can ask for its values. */
  public NewSession metadata(ObjectNode metadata) {
    return with("metadata", metadata);
  }

  /** An end that activity does not move. */
  public NewSession expiresAt(Instant end) {
    return with("expiresAt", TextNode.valueOf(end.toString()));
  }

  /** What the agent gets with its first turn. */
  public NewSession basePayload(ObjectNode payload) {
    ObjectNode changed = body.deepCopy();
    changed.withObjectProperty(TRIGGER).set("basePayload", payload.deepCopy());
    return new NewSession(changed);
  }

  /** A field that has no method here, such as {@code timeoutConfig}. */
  public NewSession with(String field, JsonNode value) {
    ObjectNode changed = body.deepCopy();
    changed.set(field, value.deepCopy());
    return new NewSession(changed);
  }

  /** Whether creating it twice gives one session. */
  boolean isIdempotent() {
    return body.hasNonNull("externalId");
  }

  String json() {
    return body.toString();
  }
}
