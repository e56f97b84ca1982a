package dev.parley.http.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.http.Answer;
import dev.parley.http.Wire;
import dev.parley.http.docs.DescribedOperations.Operation;
import dev.parley.http.docs.DescribedOperations.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every described path is served, with the described methods and no others. */
class RoutesTest {
  private static final String CLOCK = "/test/clock/advance";
  private static final String SOCKET_IO = "/socket.io/";

  @TestFactory
  Stream<DynamicTest> a_path_has_the_described_methods_alone() {
    Map<String, List<Operation>> paths =
        DescribedOperations.all()
            .collect(
                Collectors.groupingBy(Operation::path, LinkedHashMap::new, Collectors.toList()));
    return paths.entrySet().stream()
        .filter(path -> !path.getKey().equals(CLOCK))
        .map(path -> DynamicTest.dynamicTest(path.getKey(), () -> check(path.getValue())));
  }

  private static void check(List<Operation> ofPath) {
    List<Operation> operations = withOverlapping(ofPath);
    Set<String> described = operations.stream().map(Operation::method).collect(Collectors.toSet());
    String path = path(ofPath.get(0));
    for (String method : List.of("GET", "POST", "PUT", "PATCH", "DELETE")) {
      if (!described.contains(method)) {
        Answer answer = Wire.request(method, path).asAcme().body("{}").send();
        if (path.startsWith("/api/messaging/")) {
          assertThat(answer.status()).as(method + answer.body()).isEqualTo(404);
          assertThat(answer.json().at("/error/code").asText()).isEqualTo("NOT_FOUND");
        } else if (path.startsWith(SOCKET_IO)) {
          assertThat(answer.status()).as(method + answer.body()).isEqualTo(400);
        } else {
          assertThat(answer.status()).as(method + answer.body()).isEqualTo(405);
          assertThat(Set.of(answer.header("Allow").split(", "))).isEqualTo(allowed(operations));
        }
      }
    }
  }

  /** A session may be named {@code stats}, too, and has all methods of a session. */
  private static List<Operation> withOverlapping(List<Operation> ofPath) {
    return ofPath.get(0).path().equals("/api/v1/sessions/stats")
        ? DescribedOperations.all()
            .filter(one -> one.path().equals("/api/v1/sessions/{session}"))
            .toList()
        : ofPath;
  }

  private static Set<String> allowed(List<Operation> operations) {
    Set<String> allowed = new TreeSet<>();
    for (Operation operation : operations) {
      if (!operation.isConditional()) {
        allowed.add(operation.method());
      }
      if (operation.answersHead()) {
        allowed.add("HEAD");
      }
    }
    return allowed;
  }

  private static String path(Operation operation) {
    String path = operation.path();
    for (Parameter parameter : operation.parameters()) {
      if (parameter.in().equals("path")) {
        // A version that is not there is another path, other things need not be there.
        String value =
            parameter.name().equals("version")
                ? new ExampleWorld(operation).value("version")
                : parameter.example().asText();
        path = path.replace("{" + parameter.name() + "}", Wire.segment(value));
      }
    }
    return path;
  }
}
