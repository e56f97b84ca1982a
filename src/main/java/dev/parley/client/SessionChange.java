package dev.parley.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;

/** What is to be changed of a session; the rest stays. Each method gives a changed copy. */
public final class SessionChange {
  private final ObjectNode body;

  private SessionChange(ObjectNode body) {
    this.body = body;
  }

  /** Nothing yet. */
  public static SessionChange none() {
    return new SessionChange(Json.object());
  }

  /** These tags in the place of those it has. */
  public SessionChange tags(Collection<String> tags) {
    return with("tags", array(tags));
  }

  /** This in the place of what it has. */
  public SessionChange metadata(ObjectNode metadata) {
    return with("metadata", metadata.deepCopy());
  }

  public SessionChange withoutMetadata() {
    return with("metadata", NullNode.getInstance());
  }

  private SessionChange with(String field, JsonNode value) {
    ObjectNode changed = body.deepCopy();
    changed.set(field, value);
    return new SessionChange(changed);
  }

  String json() {
    return body.toString();
  }

  static ArrayNode array(Collection<String> texts) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    texts.forEach(array::add);
    return array;
  }
}
