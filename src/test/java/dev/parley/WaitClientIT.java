package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The unchanged {@code @trigger.dev/sdk} waits and completes (trigger.md section 5). */
class WaitClientIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** The shape with which the published client signs tokens itself (trigger.md 2.2). */
  private static final String ROOT_KEY = "tr_dev_rootkey_0123456789abcdef";

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {ParleyProcess.SECRET_KEY, ROOT_KEY})
  void tokens_and_runs_wait_and_are_woken(String key) throws Exception {
    ClientProgram.requireInstalled();
    try (ParleyProcess server = ParleyProcess.start(directory, Map.of("PARLEY_SECRET_KEY", key));
        ClientProgram program = ClientProgram.start(server, key, "waits", "waits/one")) {
      program.awaitSuccess(LIMIT);
      for (String step :
          new String[] {
            "completed-with-the-key",
            "completed-with-the-public-token",
            "idempotent",
            "timed-out",
            "waited"
          }) {
        assertThat(program.steps(step)).as(step).hasSize(1);
      }
    }
  }
}
