package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's tour, as it is written. */
class ReadmeIT {
  private static final String MARK = "<!-- tour:";
  private static final String DEFAULT_ADDRESS = "http://127.0.0.1:8080";

  @Test
  void the_tour_works_as_written_on_an_empty_directory(@TempDir Path directory) throws Exception {
    try (ParleyProcess server = ParleyProcess.startAsItIs(directory.resolve("data"), Map.of())) {
      String output = run(directory, tour().replace(DEFAULT_ADDRESS, server.baseUrl().toString()));
      assertThat(output)
          .containsSubsequence(
              "\"externalId\":\"chat-1\"",
              "\"isCached\":false",
              "{\"ok\":true,\"seq\":0}{\"ok\":true,\"seq\":0}{\"ok\":true,\"seq\":0}",
              "{\"records\":[{\"data\":\"Hello, world\",\"id\":\"message-1\",\"seqNum\":0}]}",
              "event: batch",
              "Hello to you",
              "event: ping",
              "data: [DONE]",
              "data: [DONE]",
              "{\"token\":\"",
              "{\"start\":{\"seq_num\":1,",
              "\"end\":{\"seq_num\":3,",
              "{\"tail\":{\"seq_num\":3,",
              "{\"records\":[{\"seq_num\":1,",
              "\"body\":\"kens\"}",
              "\"externalId\":\"chat-1\"",
              "\"tags\":[\"demo\",\"seen\"]",
              "\"closedReason\":\"solved\"",
              "\"code\":\"session_closed\"",
              "\"type\":\"created\"",
              "\"type\":\"closed\"");
    }
  }

  private static String tour() throws Exception {
    String readme = Files.readString(Path.of("README.md"));
    String block = readme.substring(readme.indexOf("```bash\n", readme.indexOf(MARK)) + 8);
    return block.substring(0, block.indexOf("```"));
  }

  private static String run(Path directory, String script) throws Exception {
    Process bash =
        new ProcessBuilder("bash", "-e", "-o", "pipefail", "-c", script)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(bash.exitValue()).as(output).isZero();
    return output;
  }
}
