package dev.parley.http.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.parley.http.Answer;
import dev.parley.http.shared.Asset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The document as such; whether the server does what it says is for other tests. */
class OpenApiDocumentTest {
  private static final ObjectNode DOCUMENT = OpenApiDocument.read();

  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private static JsonNode resource(String name) {
    return Answer.parse(new String(Asset.read(name), StandardCharsets.UTF_8));
  }

  private static void operations(BiConsumer<String, JsonNode> look) {
    for (Map.Entry<String, JsonNode> path : DOCUMENT.get("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        if (!method.getKey().equals("parameters")) {
          look.accept(method.getKey() + " " + path.getKey(), method.getValue());
        }
      }
    }
  }

  private static void walk(String at, JsonNode node, BiConsumer<String, JsonNode> look) {
    look.accept(at, node);
    if (node.isObject()) {
      node.properties()
          .forEach(member -> walk(at + "/" + member.getKey(), member.getValue(), look));
    } else {
      for (int i = 0; i < node.size(); i++) {
        walk(at + "/" + i, node.get(i), look);
      }
    }
  }

  private static JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? DOCUMENT.at(node.get("$ref").textValue().substring(1)) : node;
  }

  @Test
  void it_is_valid_openapi_3_1() {
    List<Error> errors =
        SCHEMAS.getSchema(resource("/openapi/oas-3.1-schema.json")).validate(DOCUMENT);
    assertThat(errors).isEmpty();
    assertThat(DOCUMENT.get("openapi").textValue()).isEqualTo("3.1.0");
  }

  @Test
  void the_schema_it_is_held_against_refuses_what_is_none() {
    ObjectNode broken = DOCUMENT.deepCopy();
    ((ObjectNode) broken.at("/paths/~1health/get")).put("sumary", "?");
    assertThat(SCHEMAS.getSchema(resource("/openapi/oas-3.1-schema.json")).validate(broken))
        .isNotEmpty();
  }

  @Test
  void every_schema_is_one() {
    JsonNode dialect = Answer.parse("{\"$ref\":\"https://json-schema.org/draft/2020-12/schema\"}");
    walk(
        "",
        DOCUMENT,
        (at, node) -> {
          if (at.endsWith("/schema") || at.matches("/components/schemas/[^/]+")) {
            assertThat(SCHEMAS.getSchema(dialect).validate(node)).as(at).isEmpty();
          }
        });
  }

  @Test
  void every_reference_leads_somewhere() {
    List<String> references = new ArrayList<>();
    walk(
        "",
        DOCUMENT,
        (at, node) -> {
          if (at.endsWith("/$ref")) {
            references.add(node.textValue());
            assertThat(node.textValue()).as(at).startsWith("#/");
            assertThat(DOCUMENT.at(node.textValue().substring(1)).isMissingNode()).as(at).isFalse();
          }
        });
    assertThat(references).hasSizeGreaterThan(100);
  }

  @Test
  void no_component_is_there_for_nothing() {
    Set<String> used = new HashSet<>();
    walk(
        "",
        DOCUMENT,
        (at, node) -> {
          if (at.endsWith("/$ref")) {
            used.add(node.textValue());
          }
        });
    for (String kind : List.of("schemas", "responses", "parameters", "headers")) {
      DOCUMENT
          .at("/components/" + kind)
          .fieldNames()
          .forEachRemaining(name -> assertThat(used).contains("#/components/" + kind + "/" + name));
    }
  }

  @Test
  void every_example_fits_its_schema() {
    List<String> seen = new ArrayList<>();
    walk(
        "",
        DOCUMENT,
        (at, node) -> {
          if (node.has("schema") && (node.has("example") || node.has("examples"))) {
            ObjectNode schema = node.get("schema").deepCopy();
            schema.set("components", DOCUMENT.get("components"));
            List<JsonNode> examples = new ArrayList<>();
            if (node.has("example")) {
              examples.add(node.get("example"));
            }
            node.path("examples").forEach(example -> examples.add(example.get("value")));
            for (JsonNode example : examples) {
              assertThat(SCHEMAS.getSchema(schema).validate(example)).as(at).isEmpty();
              seen.add(at);
            }
          }
        });
    assertThat(seen).hasSizeGreaterThan(150);
  }

  @Test
  void every_operation_says_what_it_is_and_who_may_call_it() {
    Set<String> tags = new HashSet<>();
    DOCUMENT.get("tags").forEach(tag -> tags.add(tag.get("name").textValue()));
    Set<String> ids = new HashSet<>();
    operations(
        (name, operation) -> {
          assertThat(operation.path("summary").asText()).as(name).isNotEmpty();
          assertThat(ids.add(operation.path("operationId").asText())).as(name).isTrue();
          operation.get("tags").forEach(tag -> assertThat(tags).contains(tag.textValue()));
          assertThat(operation.path("security").isArray()).as(name).isTrue();
          for (JsonNode alternative : operation.get("security")) {
            alternative
                .fieldNames()
                .forEachRemaining(
                    scheme ->
                        assertThat(DOCUMENT.at("/components/securitySchemes").has(scheme))
                            .as(name + " " + scheme)
                            .isTrue());
          }
          assertThat(operation.get("responses").has("500")).as(name).isTrue();
        });
  }

  @Test
  void every_json_of_an_answer_and_of_a_request_has_an_example() {
    operations(
        (name, operation) -> {
          operation
              .get("responses")
              .forEach(response -> requireExample(name, resolved(response).path("content")));
          requireExample(name, operation.path("requestBody").path("content"));
        });
  }

  private static void requireExample(String name, JsonNode content) {
    JsonNode json = content.path("application/json");
    if (!json.isMissingNode()) {
      assertThat(json.has("example") || json.has("examples")).as(name).isTrue();
    }
  }

  @Test
  void every_parameter_of_a_path_is_described_with_an_example() {
    for (Map.Entry<String, JsonNode> path : DOCUMENT.get("paths").properties()) {
      Set<String> described = new HashSet<>();
      for (JsonNode each : path.getValue().path("parameters")) {
        JsonNode parameter = resolved(each);
        if (parameter.get("in").textValue().equals("path")) {
          assertThat(parameter.has("example")).as(path.getKey()).isTrue();
          described.add(parameter.get("name").textValue());
        }
      }
      Set<String> named = new HashSet<>();
      Pattern.compile("\\{([^}]+)}")
          .matcher(path.getKey())
          .results()
          .forEach(match -> named.add(match.group(1)));
      assertThat(described).as(path.getKey()).isEqualTo(named);
    }
  }
}
