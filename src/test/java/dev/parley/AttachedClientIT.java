package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker with the unchanged {@code @trigger.dev/sdk} answers the turns of an attached agent. */
class AttachedClientIT {
  @TempDir private Path directory;

  @Test
  void a_worker_with_the_published_client_answers_messages_and_records() throws Exception {
    ClientProgram.requireInstalled();
    try (ParleyProcess server = ParleyProcess.start(directory);
        ClientProgram program =
            ClientProgram.start(server, ParleyProcess.SECRET_KEY, "attached-worker", "by/worker")) {
      program.awaitSuccess(Duration.ofSeconds(60));
      assertThat(program.steps("answered")).hasSize(2);
      assertThat(program.steps("messaging")).hasSize(1);
      assertThat(program.steps("durable")).hasSize(1);
    }
  }
}
