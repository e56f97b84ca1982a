package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server closes an HTTP/2 connection that nobody uses, because the published client never does
 * and its process would stay (s2.md section 2.3); one that somebody uses in silence it keeps.
 */
class S2IdleIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(2);

  @TempDir Path directory;

  @Test
  void an_idle_connection_is_closed_and_a_silent_session_is_not() throws Exception {
    ClientProgram.requireInstalled();
    Map<String, String> environment =
        Map.of(
            "PARLEY_SECRET_KEY",
            ParleyProcess.SECRET_KEY,
            "JDK_JAVA_OPTIONS",
            "-Dparley.http.keep-alive=%ds -Dpekko.http.server.http2.ping-interval=500ms"
                .formatted(KEEP_ALIVE.toSeconds()));
    try (ParleyProcess server = ParleyProcess.start(directory, environment)) {
      TestClient outside = new TestClient(server, ParleyProcess.SECRET_KEY);
      List<ClientProgram> silent = new ArrayList<>();
      try (ClientProgram leaving =
          ClientProgram.start(server, ParleyProcess.SECRET_KEY, "out-exit", "exit")) {
        for (String version : List.of("0.25", "0.27")) {
          outside.create("quiet/" + version);
          silent.add(
              ClientProgram.start(
                  server,
                  ParleyProcess.SECRET_KEY,
                  "s2-quiet",
                  version,
                  "quiet/" + version,
                  Long.toString(KEEP_ALIVE.multipliedBy(3).toMillis())));
        }
        long millis = leaving.awaitSuccess(LIMIT).get("millis").asLong();
        // Not at once: it is the connection that kept the process, and its end that let it go.
        assertThat(millis).isBetween(KEEP_ALIVE.toMillis() / 2, KEEP_ALIVE.toMillis() * 4);
        for (ClientProgram program : silent) {
          assertThat(program.awaitSuccess(LIMIT).get("step").asText()).isEqualTo("alive");
        }
      } finally {
        silent.forEach(ClientProgram::close);
      }
      assertThat(outside.records("exit", "out"))
          .extracting(TestClient.Item::data)
          .containsExactly("first", "last");
    }
  }
}
