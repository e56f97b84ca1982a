package dev.parley.http.agents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.agent.AgentDefinition;
import dev.parley.agent.AgentKind;
import dev.parley.agent.AgentLimits;
import dev.parley.agent.HttpEndpoint;
import dev.parley.http.shared.BodySchema;
import dev.parley.http.shared.Json;
import dev.parley.http.shared.Refused;
import dev.parley.session.Text;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An agent as JSON: the settings of {@code parley.agents} in camelCase. Durations are texts such as
 * {@code 20s}; of secrets there are the names of their variables.
 */
final class AgentDocument {
  private AgentDocument() {}

  /**
   * @param configured whether it is the operator's own; what follows the {@code ?} of its endpoint
   *     may be a secret and is left out
   */
  static ObjectNode of(AgentDefinition agent, boolean configured) {
    ObjectNode json = Json.object().put("id", agent.id()).put("name", agent.name());
    agent.taskIdentifiers().forEach(json.putArray("taskIdentifiers")::add);
    ObjectNode settings = json.putObject("settings");
    agent.settings().values().forEach(settings::put);
    json.put("started", agent.started());
    put(json, agent.kind(), configured);
    AgentLimits limits = agent.limits();
    return json.put("timeLimit", text(limits.time()))
        .put("stallLimit", text(limits.stall()))
        .put("tries", limits.tries())
        .put("retryPause", text(limits.pause()))
        .put("source", configured ? "configuration" : "api");
  }

  private static void put(ObjectNode json, AgentKind kind, boolean configured) {
    if (kind instanceof AgentKind.Webhook webhook) {
      json.put("kind", "webhook")
          .put("url", url(webhook.endpoint(), configured))
          .put("secretEnv", webhook.secretVariable())
          .put("history", webhook.history());
    } else if (kind instanceof AgentKind.OpenAi openAi) {
      json.put("kind", "openai")
          .put("baseUrl", url(openAi.base(), configured))
          .put("model", openAi.model())
          .put("keyEnv", openAi.keyVariable())
          .put("systemPrompt", openAi.systemPrompt())
          .put("history", openAi.history());
    } else if (kind instanceof AgentKind.Attached attached) {
      json.put("kind", "attached").put("lease", text(attached.lease()));
    } else {
      json.put("kind", "echo");
    }
  }

  private static String url(HttpEndpoint endpoint, boolean configured) {
    return configured ? endpoint.toString() : endpoint.url().toString();
  }

  private static String text(Duration duration) {
    long millis = duration.toMillis();
    return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
  }

  /**
   * The fields of a document that {@link #of} may have written, for {@code AgentForm}. Fields that
   * are null count as absent.
   *
   * @throws Refused 400 when it is no object, or holds text that can't be kept
   */
  static Map<String, Object> fields(byte[] body) {
    JsonNode document =
        Json.parse(body)
            .filter(JsonNode::isObject)
            .orElseThrow(() -> BodySchema.invalid("the body must be a JSON object"));
    Map<String, Object> fields = object(document);
    fields.remove("source");
    return fields;
  }

  private static Map<String, Object> object(JsonNode node) {
    Map<String, Object> fields = new LinkedHashMap<>();
    node.properties()
        .forEach(
            field -> {
              Object value = value(field.getValue());
              if (value != null) {
                fields.put(storable(field.getKey()), value);
              }
            });
    return fields;
  }

  private static @Nullable Object value(JsonNode node) {
    if (node.isObject()) {
      return object(node);
    }
    if (node.isArray()) {
      List<Object> values = new ArrayList<>();
      for (JsonNode element : node) {
        Object value = value(element);
        if (value == null) {
          throw BodySchema.invalid("a list must not hold null");
        }
        values.add(value);
      }
      return values;
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    if (node.isNumber()) {
      return node.canConvertToLong() && node.isIntegralNumber()
          ? (Object) node.longValue()
          : (Object) node.doubleValue();
    }
    return node.isNull() ? null : storable(node.textValue());
  }

  private static String storable(String text) {
    Text.problem(text)
        .ifPresent(
            problem -> {
              throw BodySchema.invalid("text " + problem);
            });
    return text;
  }
}
