package dev.parley.http.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What the document describes, as requests that can be sent. */
final class DescribedOperations {
  private static final ObjectNode DOCUMENT = OpenApiDocument.read();

  private DescribedOperations() {}

  /** A parameter; {@code example} is missing when it need not be sent. */
  record Parameter(String name, String in, JsonNode example) {}

  /** An example of a body. */
  record Body(String name, String contentType, JsonNode value) {
    String text() {
      return contentType.equals("application/json") ? value.toString() : value.asText();
    }
  }

  /** An operation of a path. */
  record Operation(String path, String method, JsonNode description, List<Parameter> parameters) {
    String id() {
      return description.get("operationId").textValue();
    }

    /** The first of the schemes by which one may call; empty for none. */
    Optional<String> scheme() {
      return StreamSupport.stream(description.get("security").spliterator(), false)
          .flatMap(scheme -> scheme.properties().stream())
          .map(Map.Entry::getKey)
          .findFirst();
    }

    boolean answersHead() {
      return method.equals("GET") && description.path("x-head").asBoolean(true);
    }

    /** Whether the path has the method under conditions alone, and else refuses it. */
    boolean isConditional() {
      return description.get("responses").has("405");
    }

    List<Body> bodies() {
      List<Body> bodies = new ArrayList<>();
      for (Map.Entry<String, JsonNode> media :
          description.path("requestBody").path("content").properties()) {
        if (media.getValue().has("example")) {
          bodies.add(new Body("example", media.getKey(), media.getValue().get("example")));
        }
        media
            .getValue()
            .path("examples")
            .properties()
            .forEach(
                one ->
                    bodies.add(
                        new Body(one.getKey(), media.getKey(), one.getValue().get("value"))));
      }
      return bodies;
    }
  }

  static Stream<Operation> all() {
    return DOCUMENT.get("paths").properties().stream()
        .flatMap(
            path ->
                path.getValue().properties().stream()
                    .filter(member -> !member.getKey().equals("parameters"))
                    .map(method -> operation(path.getKey(), path.getValue(), method)));
  }

  private static Operation operation(
      String path, JsonNode item, Map.Entry<String, JsonNode> method) {
    List<Parameter> parameters = new ArrayList<>();
    for (JsonNode list : List.of(item.path("parameters"), method.getValue().path("parameters"))) {
      for (JsonNode each : list) {
        JsonNode one =
            each.has("$ref") ? DOCUMENT.at(each.get("$ref").textValue().substring(1)) : each;
        parameters.add(
            new Parameter(
                one.get("name").textValue(), one.get("in").textValue(), one.path("example")));
      }
    }
    return new Operation(
        path, method.getKey().toUpperCase(Locale.ROOT), method.getValue(), parameters);
  }
}
