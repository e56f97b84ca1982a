package dev.parley.http.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnownRoutesTest {
  private static final Pattern WORD = Pattern.compile("(?:segment|slash)\\(\"([^\"]+)\"\\)");

  @ParameterizedTest
  @CsvSource({
    "/api/v1/sessions, /api/v1/sessions",
    "/api/v1/sessions/, /api/v1/sessions",
    "/api/v1/sessions/stats, /api/v1/sessions/stats",
    "/api/v1/sessions/chat-1, /api/v1/sessions/{session}",
    "/api/v1/sessions/close/close, /api/v1/sessions/{session}/close",
    "/api/v1/sessions/a%2Fb/stop, /api/v1/sessions/{session}/stop",
    "/realtime/v1/sessions/s/in/append, /realtime/v1/sessions/{session}/{io}/append",
    "/realtime/v1/sessions/s/channels/side/out, /realtime/v1/sessions/{session}/channels/{name}/{io}",
    "/realtime/v1/sessions/s/channels/append, /realtime/v1/sessions/{session}/{io}/append",
    "/socket.io/, /socket.io",
    "/health/ready, /health/ready"
  })
  void a_path_has_the_pattern_that_serves_it(String path, String pattern) {
    assertThat(KnownRoutes.of(path).pattern()).isEqualTo(pattern);
  }

  @ParameterizedTest
  @CsvSource({"/", "//", "/api", "/api/v1/sessions//close", "/api/v1/sessions/a/b", "x", "''"})
  void every_other_path_has_one_name(String path) {
    assertThat(KnownRoutes.of(path)).isSameAs(KnownRoutes.OTHER);
  }

  @Test
  void each_pattern_is_found_as_itself() {
    List<KnownRoutes.Known> all = KnownRoutes.all();
    assertThat(all).hasSizeGreaterThan(50).doesNotHaveDuplicates();
    for (KnownRoutes.Known known : all) {
      assertThat(KnownRoutes.of(known.pattern().replace('{', 'x').replace('}', 'x')))
          .isEqualTo(known);
    }
  }

  /** What is served must be in the list, or it has no name in metrics, traces and logs. */
  @Test
  void every_word_of_a_path_that_is_served_is_in_the_list() throws IOException {
    Set<String> listed =
        KnownRoutes.all().stream()
            .flatMap(known -> Stream.of(known.pattern().split("/")))
            .collect(Collectors.toSet());
    Set<String> served = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java/dev/parley"))) {
      for (Path file : files.filter(one -> one.toString().endsWith(".java")).toList()) {
        Matcher word = WORD.matcher(Files.readString(file));
        while (word.find()) {
          served.add(word.group(1));
        }
      }
    }
    assertThat(served).hasSizeGreaterThan(40);
    served.removeAll(listed);
    assertThat(served).isEmpty();
  }

  @Test
  void the_session_of_a_request_is_known_where_its_path_names_one() {
    assertThat(KnownRoutes.session(HttpRequest.GET("/realtime/v1/sessions/s-1/in")))
        .isEqualTo("s-1");
    assertThat(KnownRoutes.session(HttpRequest.GET("/api/v1/sessions"))).isNull();
    assertThat(KnownRoutes.session(HttpRequest.GET("/chat/realtime/session/secret"))).isNull();
    assertThat(KnownRoutes.session(HttpRequest.GET("/no/such/path"))).isNull();
  }
}
