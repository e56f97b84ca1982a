package dev.parley.http.docs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.http.shared.Asset;
import dev.parley.http.shared.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The description of all endpoints, OpenAPI 3.1, put together from the files of {@code /openapi}.
 *
 * <p>Each face has a file with its {@code paths} and {@code components}, and says once what most of
 * its operations have: {@code x-responses}, {@code x-security} and {@code x-tag}. An operation that
 * writes the like itself keeps its own; a response that is null there is one it does not have.
 * References to {@code ../schema/…} mean the schemas that this server checks bodies with, which
 * become components under their titles.
 */
public final class OpenApiDocument {
  private static final List<String> FACES =
      List.of(
          "sessions",
          "tokens",
          "channels",
          "waitpoints",
          "s2",
          "messaging",
          "messages",
          "agents",
          "web",
          "webchat",
          "sockets",
          "files",
          "operations",
          "console",
          "transfer");

  private static final String SCHEMAS = "../schema/";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final ObjectNode document = file("openapi");
  private final ObjectNode components = (ObjectNode) document.remove("components");
  private final ObjectNode paths = document.putObject("paths");

  private OpenApiDocument() {}

  /**
   * The whole document.
   *
   * @throws IllegalStateException when two files say different things about the same
   */
  public static ObjectNode read() {
    return new OpenApiDocument().merged();
  }

  private ObjectNode merged() {
    FACES.forEach(face -> add(file(face)));
    bundle(paths);
    document.set("components", components);
    return document;
  }

  private static ObjectNode file(String name) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setMaxAliasesForCollections(Integer.MAX_VALUE);
    Map<?, ?> content =
        new Yaml(new SafeConstructor(options))
            .load(new String(Asset.read("/openapi/" + name + ".yaml"), UTF_8));
    return MAPPER.valueToTree(content);
  }

  private void add(ObjectNode face) {
    for (Map.Entry<String, JsonNode> path : face.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> member : path.getValue().properties()) {
        if (!member.getKey().equals("parameters")) {
          complete((ObjectNode) member.getValue(), face);
        }
      }
      putNew(paths, path.getKey(), path.getValue());
    }
    for (Map.Entry<String, JsonNode> kind : face.path("components").properties()) {
      ObjectNode known = components.withObject("/" + kind.getKey());
      kind.getValue().properties().forEach(one -> putNew(known, one.getKey(), one.getValue()));
    }
  }

  private static void complete(ObjectNode operation, ObjectNode face) {
    if (!operation.has("tags")) {
      operation.putArray("tags").add(face.get("x-tag"));
    }
    if (!operation.has("security")) {
      operation.set("security", face.get("x-security"));
    }
    Map<String, JsonNode> responses = new TreeMap<>();
    face.path("x-responses")
        .properties()
        .forEach(one -> responses.put(one.getKey(), one.getValue()));
    operation
        .path("responses")
        .properties()
        .forEach(one -> responses.put(one.getKey(), one.getValue()));
    responses.values().removeIf(JsonNode::isNull);
    operation.set("responses", MAPPER.valueToTree(responses));
  }

  private static void putNew(ObjectNode into, String name, JsonNode value) {
    if (into.has(name)) {
      throw new IllegalStateException("described twice: " + name);
    }
    into.set(name, value);
  }

  /** Takes the schemas of bodies into the document. */
  private void bundle(JsonNode node) {
    if (node instanceof ObjectNode object && object.path("$ref").asText("").startsWith(SCHEMAS)) {
      object.put("$ref", "#/components/schemas/" + component(object.get("$ref").textValue()));
    }
    node.forEach(this::bundle);
  }

  /** The name of the component that the file has become. */
  private String component(String reference) {
    String name = reference.substring(SCHEMAS.length());
    ObjectNode schema =
        (ObjectNode) Json.parseStored(new String(Asset.read("/schema/" + name), UTF_8));
    schema.remove("$schema");
    components.withObject("/schemas").set(schema.get("title").textValue(), schema);
    return schema.get("title").textValue();
  }
}
