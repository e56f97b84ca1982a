package dev.parley.http.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.http.Answer;
import dev.parley.http.Wire;
import dev.parley.http.docs.DescribedOperations.Body;
import dev.parley.http.docs.DescribedOperations.Operation;
import dev.parley.http.docs.DescribedOperations.Parameter;
import dev.parley.http.web.Browser;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Sends every example of a request to the server, which must do what is asked. Whether the answer
 * is as described is looked at wherever answers are read.
 */
class ExamplesTest {
  /** What can't be had by a request alone, or not from this server. */
  private static final Map<String, Integer> REFUSED =
      Map.of("openSocket", 426, "socketIoPost", 400, "advanceClock", 404, "giveFeedback", 404);

  @TestFactory
  Stream<DynamicTest> an_example_is_answered_as_described() {
    return DescribedOperations.all().flatMap(ExamplesTest::tests);
  }

  private static Stream<DynamicTest> tests(Operation operation) {
    List<Body> bodies = operation.bodies();
    return bodies.isEmpty()
        ? Stream.of(DynamicTest.dynamicTest(operation.id(), () -> succeeds(operation, null)))
        : bodies.stream()
            .map(
                body ->
                    DynamicTest.dynamicTest(
                        operation.id() + ": " + body.name() + ", " + body.contentType(),
                        () -> succeeds(operation, body)));
  }

  private static void succeeds(Operation operation, @Nullable Body body) {
    ExampleWorld world = new ExampleWorld(operation);
    Answer answer = request(operation, operation.method(), body, world).send();
    if (REFUSED.containsKey(operation.id())) {
      assertThat(answer.status()).as(answer.body()).isEqualTo(REFUSED.get(operation.id()));
      return;
    }
    assertThat(answer.status()).as(answer.body()).isBetween(200, 299);
    if (operation.answersHead()) {
      Answer head = request(operation, "HEAD", body, world).send();
      assertThat(head.status()).isEqualTo(answer.status());
      assertThat(head.body()).isEmpty();
    }
  }

  private static Wire request(
      Operation operation, String method, @Nullable Body body, ExampleWorld world) {
    world.prepareQuery();
    String path = operation.path();
    for (Parameter parameter : of(operation, "path")) {
      path =
          path.replace("{" + parameter.name() + "}", Wire.segment(world.value(parameter.name())));
    }
    String query =
        of(operation, "query").stream()
            .map(one -> Wire.segment(one.name()) + "=" + Wire.segment(one.example().asText()))
            .collect(Collectors.joining("&"));
    Wire request =
        world
            .authorized(Wire.request(method, query.isEmpty() ? path : path + "?" + query))
            .header("X-Forwarded-For", Browser.randomAddress());
    of(operation, "header").forEach(one -> request.header(one.name(), one.example().asText()));
    if (operation.description().at("/requestBody/content").has("multipart/form-data")) {
      String field = operation.id().equals("uploadFile") ? "file" : "files";
      return ExampleWorld.upload(request, field);
    }
    return body == null ? request : world.with(request, body);
  }

  private static List<Parameter> of(Operation operation, String in) {
    return operation.parameters().stream()
        .filter(one -> one.in().equals(in) && !one.example().isMissingNode())
        .toList();
  }
}
