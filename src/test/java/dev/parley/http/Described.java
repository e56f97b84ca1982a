package dev.parley.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.parley.http.docs.OpenApiDocument;
import java.net.http.HttpResponse;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Holds answers against what the server says of itself in {@code /openapi.json}: the path, the
 * method, the status, the content type and the JSON, in which no member may be that is not
 * described.
 */
public final class Described {
  private static final int SHOWN = 600;
  private static final String MESSAGING = "/api/messaging/";
  private static final String SOCKET_IO = "/socket.io";

  /** What any path may answer when nobody looks at what it is about. */
  private static final List<Integer> ANYWHERE = List.of(400, 413);

  private static final Described DOCUMENT = new Described(OpenApiDocument.read());

  private final SchemaRegistry schemas =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private final ObjectNode document;
  private final Map<String, Schema> compiled = new ConcurrentHashMap<>();

  private Described(ObjectNode document) {
    this.document = document;
    close(document);
  }

  /** Members that are not described are allowed to clients, and forbidden to the server. */
  private static void close(JsonNode node) {
    if (node instanceof ObjectNode object
        && object.path("properties").isObject()
        && !object.has("additionalProperties")) {
      object.put("additionalProperties", false);
    }
    node.forEach(Described::close);
  }

  /**
   * @param path as it was sent, without the query
   * @param contentType null for none
   * @param body null when nobody has read it
   * @throws AssertionError when the answer is not as the document says
   */
  public static void check(
      String method, String path, int status, @Nullable String contentType, @Nullable String body) {
    DOCUMENT
        .problem(method, path, status, contentType == null ? "" : contentType, body)
        .ifPresent(
            problem -> {
              throw new AssertionError(
                  "%s %s answers %d, %s: %s"
                      .formatted(method, path, status, problem, shortened(body)));
            });
  }

  /** Likewise; returns the answer when it is as described. */
  public static HttpResponse<String> checked(HttpResponse<String> answer) {
    check(
        answer.request().method(),
        answer.uri().getRawPath(),
        answer.statusCode(),
        answer.headers().firstValue("Content-Type").orElse(null),
        answer.body());
    return answer;
  }

  private static String shortened(@Nullable String body) {
    return body == null || body.length() <= SHOWN ? "" + body : body.substring(0, SHOWN) + "…";
  }

  private Optional<String> problem(
      String method, String path, int status, String contentType, @Nullable String body) {
    if (method.equals("OPTIONS") && (status == 200 || status == 204)) {
      return Optional.empty();
    }
    List<JsonNode> items = items(path);
    if (items.isEmpty()) {
      // The messaging API asks for the key before it looks at the path.
      return status == 404 || ANYWHERE.contains(status) || path.startsWith(MESSAGING)
          ? Optional.empty()
          : Optional.of("and the path is not described");
    }
    Optional<JsonNode> found = operation(items, method);
    if (found.isEmpty()) {
      boolean refused =
          status == 405
              || path.startsWith(MESSAGING)
              || path.startsWith(SOCKET_IO) && status == 400
              || ANYWHERE.contains(status);
      return refused ? Optional.empty() : Optional.of("and the method is not described");
    }
    JsonNode operation = found.get();
    JsonNode response = operation.path("responses").path("" + status);
    if (response.isMissingNode()) {
      return ANYWHERE.contains(status)
          ? fits("anywhere", error(), body)
          : Optional.of("which is no status of " + operation.get("operationId"));
    }
    return problem(
        operation.get("operationId").asText() + " " + status,
        resolved(response),
        contentType,
        method.equals("HEAD") ? null : body);
  }

  private Optional<String> problem(
      String name, JsonNode response, String contentType, @Nullable String body) {
    String type = contentType.split(";")[0].trim();
    JsonNode content = response.path("content");
    if (content.isMissingNode() || body == null) {
      return body == null || body.isEmpty()
          ? Optional.empty()
          : Optional.of("and no content is described for " + name);
    }
    if (content.has("*/*")) {
      return Optional.empty();
    }
    JsonNode media = content.path(type);
    if (media.isMissingNode()) {
      return Optional.of("as '" + type + "', which is not described for " + name);
    }
    return type.equals("application/json")
        ? fits(name, media.get("schema"), body)
        : Optional.empty();
  }

  private Optional<String> fits(String name, JsonNode schema, @Nullable String body) {
    if (body == null) {
      return Optional.empty();
    }
    List<Error> errors =
        compiled.computeIfAbsent(name, key -> compile(schema)).validate(Answer.parse(body));
    return errors.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "which does not fit: "
                + errors.stream().map(Error::toString).collect(Collectors.joining("; ")));
  }

  private Schema compile(JsonNode schema) {
    ObjectNode root = schema.deepCopy();
    // Where its references lead.
    root.set("components", document.get("components"));
    return schemas.getSchema(root);
  }

  private JsonNode error() {
    return document.at("/components/schemas/Error");
  }

  private JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? document.at(node.get("$ref").textValue().substring(1)) : node;
  }

  /** What is described of the path; of several the one with the fewest parameters goes before. */
  private List<JsonNode> items(String path) {
    String[] segments = segments(path);
    return document.get("paths").properties().stream()
        .filter(item -> matches(segments(item.getKey()), segments))
        .sorted(Comparator.comparingLong(item -> parameters(item.getKey())))
        .map(Map.Entry::getValue)
        .toList();
  }

  private static Optional<JsonNode> operation(List<JsonNode> items, String method) {
    boolean head = method.equals("HEAD");
    return items.stream()
        .map(item -> item.path(head ? "get" : method.toLowerCase(Locale.ROOT)))
        .filter(JsonNode::isObject)
        .findFirst()
        .filter(operation -> !head || operation.path("x-head").asBoolean(true));
  }

  /** Messaging and Socket.IO don't mind a slash at the end. */
  private static String[] segments(String path) {
    boolean slashIsNothing = path.startsWith(MESSAGING) || path.startsWith(SOCKET_IO);
    return path.split("/", slashIsNothing ? 0 : -1);
  }

  private static boolean matches(String[] template, String[] segments) {
    if (template.length != segments.length) {
      return false;
    }
    for (int i = 0; i < segments.length; i++) {
      boolean parameter = template[i].startsWith("{") && !segments[i].isEmpty();
      if (!parameter && !template[i].equals(segments[i])) {
        return false;
      }
    }
    return true;
  }

  private static long parameters(String template) {
    return template.chars().filter(c -> c == '{').count();
  }
}
