package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The unchanged published clients write and read the out channels: {@code @trigger.dev/sdk}, and
 * {@code @s2-dev/streamstore} alone in the version that the SDK uses and in the newest (s2.md).
 */
class S2ClientIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final List<String> VERSIONS = List.of("0.25", "0.27");

  /** HTTP/2, which Node takes, and HTTP/1.1, which is left to browsers. */
  private static final List<String> TRANSPORTS = List.of("s2s", "fetch");

  @TempDir private static Path directory;

  private static ParleyProcess server;
  private static TestClient outside;

  @BeforeAll
  static void start() {
    ClientProgram.requireInstalled();
    server = ParleyProcess.start(directory);
    outside = new TestClient(server, ParleyProcess.SECRET_KEY);
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.terminate();
      server.close();
    }
  }

  @Test
  void an_agent_appends_pipes_writes_and_completes_its_turn() throws Exception {
    JsonNode last = run("out-job", "s2/job");
    long turn = last.get("turn").asLong();
    assertThat(outside.records("s2/job", "out"))
        .extracting(record -> record.seq() + " " + record.data())
        .containsExactly(
            turn + " ", (turn + 1) + " the next turn", (turn + 4) + " after the trims");
  }

  @Test
  void the_largest_records_side_channels_and_the_end_of_the_session_are_as_agreed()
      throws Exception {
    JsonNode refused = run("out-limits", "s2/limits");
    // A client that takes a refusal for something passing tries three times, with pauses.
    assertThat(refused.get("millis").asInt()).isLessThan(3_000);
    assertThat(outside.session("s2/limits").get("closedReason").asText()).isEqualTo("done");
    assertThat(outside.records("s2/limits", "out"))
        .extracting(TestClient.Item::data)
        .containsExactly("before the close", "open before the close");
  }

  @Test
  void the_s2_client_appends() throws Exception {
    for (String session : runEverywhere("s2-append")) {
      List<TestClient.Item> left = outside.records(session, "out");
      assertThat(left).first().extracting(TestClient.Item::data).isEqualTo("after everything");
      assertThat(left)
          .extracting(TestClient.Item::seq)
          .containsExactlyElementsOf(from(left.get(0).seq(), left.size()));
    }
  }

  @Test
  void the_s2_client_reads() throws Exception {
    for (String session : runEverywhere("s2-read")) {
      assertThat(outside.records(session, "out"))
          .extracting(TestClient.Item::seq)
          .containsExactlyElementsOf(from(0, 22 + 2_003));
    }
  }

  /**
   * Each version in each transport, all at once: most of a read is waiting. Returns the sessions.
   */
  private static List<String> runEverywhere(String name) throws Exception {
    List<String> sessions = new ArrayList<>();
    List<ClientProgram> programs = new ArrayList<>();
    try {
      for (String version : VERSIONS) {
        for (String transport : TRANSPORTS) {
          String session = "%s/%s/%s".formatted(name, version, transport);
          outside.create(session);
          sessions.add(session);
          programs.add(
              ClientProgram.start(
                  server, ParleyProcess.SECRET_KEY, name, version, session, transport));
        }
      }
      for (ClientProgram program : programs) {
        program.awaitSuccess(LIMIT);
      }
    } finally {
      programs.forEach(ClientProgram::close);
    }
    return sessions;
  }

  private static List<Long> from(long first, int count) {
    return LongStream.range(first, first + count).boxed().toList();
  }

  private static JsonNode run(String name, String... arguments) throws InterruptedException {
    try (ClientProgram program =
        ClientProgram.start(server, ParleyProcess.SECRET_KEY, name, arguments)) {
      return program.awaitSuccess(LIMIT);
    }
  }
}
