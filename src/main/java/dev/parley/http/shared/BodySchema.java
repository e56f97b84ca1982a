package dev.parley.http.shared;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.parley.session.Text;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a JSON body must look like: a JSON Schema under {@code /schema} in the resources. */
public final class BodySchema {
  private static final int MAX_PROBLEMS = 5;

  private final Schema schema;

  private BodySchema(Schema schema) {
    this.schema = schema;
  }

  /**
   * @param name of the resource, without path and ending
   */
  public static BodySchema load(String name) {
    String resource = "/schema/" + name + ".json";
    try (InputStream stream = BodySchema.class.getResourceAsStream(resource)) {
      if (stream == null) {
        throw new IllegalStateException("no resource " + resource);
      }
      return new BodySchema(
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(stream));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The document in the bytes.
   *
   * @throws Refused with the 400 of trigger.md section 1.2 when there is none, or it does not fit
   */
  public JsonNode read(byte[] body) {
    if (body.length == 0) {
      throw new Refused(Answers.error(400, "Request body is empty"));
    }
    JsonNode document =
        Json.parse(body)
            .filter(BodySchema::isTruthy)
            .orElseThrow(() -> new Refused(Answers.error(400, "Invalid JSON")));
    List<Error> errors = schema.validate(document);
    if (!errors.isEmpty()) {
      throw invalid(
          errors.stream()
              .limit(MAX_PROBLEMS)
              .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
              .collect(Collectors.joining("; ")));
    }
    unstorable(document)
        .ifPresent(
            problem -> {
              throw invalid(problem);
            });
    return document;
  }

  /** The document in the bytes, or empty when there is none, or it does not fit. */
  public Optional<JsonNode> fitting(byte[] body) {
    return Json.parse(body)
        .filter(document -> schema.validate(document).isEmpty())
        .filter(document -> unstorable(document).isEmpty());
  }

  /** A 400 for a well-formed document that breaks a rule. */
  public static Refused invalid(String text) {
    return new Refused(Answers.error(400, "Validation error: " + text));
  }

  /** JSON that JavaScript takes for nothing counts as none. */
  private static boolean isTruthy(JsonNode node) {
    return !(node.isNull()
        || node.isBoolean() && !node.booleanValue()
        || node.isNumber() && node.doubleValue() == 0
        || node.isTextual() && node.textValue().isEmpty());
  }

  /** Half surrogate pairs can't be kept anywhere in a document. */
  private static Optional<String> unstorable(JsonNode node) {
    if (node.isTextual()) {
      return Text.problem(node.textValue().replace("\0", "")).map(what -> "text " + what);
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      Optional<String> problem = Text.problem(field.getKey().replace("\0", ""));
      if (problem.isPresent()) {
        return problem.map(what -> "field name " + what);
      }
    }
    for (JsonNode child : node) {
      Optional<String> problem = unstorable(child);
      if (problem.isPresent()) {
        return problem;
      }
    }
    return Optional.empty();
  }
}
