package dev.parley;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the SDK's writers were told is written is there once, whatever happens to the server. */
class S2CrashIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String KEY = ParleyProcess.SECRET_KEY;

  @TempDir Path directory;

  private final long seed = Long.getLong("parley.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @BeforeEach
  void showSeed() {
    ClientProgram.requireInstalled();
    System.out.println("S2CrashIT: repeat with -Dparley.seed=" + seed);
  }

  /**
   * The answers of the last moments are lost, so that each writer has a batch that was committed
   * and not acknowledged. The client sends it again, and the server must know it.
   */
  @Test
  void the_sdk_repeats_what_was_not_acknowledged_and_nothing_is_there_twice() throws Exception {
    try (Relay relay = Relay.open();
        ParleyProcess server =
            ParleyProcess.start(
                directory, Map.of("PARLEY_SECRET_KEY", KEY, "PARLEY_PUBLIC_URL", relay.url()))) {
      relay.forwardTo(server.port());
      TestClient direct = new TestClient(server, KEY);
      for (String way : List.of("append", "pipe", "writers")) {
        direct.create("crash/" + way);
      }
      try (ClientProgram append = start(relay, "out-writer", "crash/append", "append");
          ClientProgram pipe = start(relay, "out-writer", "crash/pipe", "pipe");
          ClientProgram writers = start(relay, "out-writer", "crash/writers", "writers");
          ClientProgram reader = start(relay, "reader", "crash/pipe", "out", "sdk")) {
        List<ClientProgram> programs = List.of(append, pipe, writers);
        for (ClientProgram program : programs) {
          awaitMore(program, 20 + random.nextInt(40));
        }
        relay.loseAnswers();
        awaitStall(direct, "crash/pipe", pipe);
        awaitStall(direct, "crash/writers", writers);
        assertThat(direct.records("crash/append", "out")).hasSizeGreaterThan(written(append));
        server.kill9();
        server.restart();
        for (ClientProgram program : programs) {
          awaitMore(program, 20);
          program.endInput();
        }
        for (ClientProgram program : programs) {
          program.awaitSuccess(LIMIT);
        }
        reader.awaitSuccess(LIMIT);

        List<TestClient.Item> appended = direct.records("crash/append", "out");
        assertOnce(appended);
        assertThat(data(appended)).containsExactlyElementsOf(writtenBy(append, ""));
        List<TestClient.Item> piped = direct.records("crash/pipe", "out");
        assertOnce(piped);
        assertThat(data(piped)).containsExactlyElementsOf(writtenBy(pipe, ""));
        assertThat(lastEventIds(pipe)).containsExactly(piped.size() - 2L);
        assertThat(reader.steps("record").map(S2CrashIT::place))
            .containsExactlyElementsOf(
                piped.stream().map(record -> record.seq() + " " + record.data()).toList());
        List<TestClient.Item> both = direct.records("crash/writers", "out");
        assertOnce(both);
        for (String prefix : List.of("a ", "b ")) {
          assertThat(
                  data(both).stream().filter(data -> data.startsWith(prefix) || "end".equals(data)))
              .containsExactlyElementsOf(writtenBy(writers, prefix));
        }
        assertThat(lastEventIds(writers)).contains(both.size() - 2L);
      }
    }
  }

  /** Each attempt has an id of its own, so the server can't know it from the one before. */
  @Test
  void an_application_that_appends_again_gets_everything_in_order() throws Exception {
    try (ParleyProcess server = ParleyProcess.start(directory)) {
      TestClient client = new TestClient(server, KEY);
      client.create("crash/again");
      try (ClientProgram again =
          ClientProgram.start(server, KEY, "out-writer", "crash/again", "again")) {
        awaitMore(again, 50 + random.nextInt(100));
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(20_000)));
        server.kill9();
        server.restart();
        awaitMore(again, 50);
        again.endInput();
        again.awaitSuccess(LIMIT);

        long failures = again.steps("failed").count();
        assertThat(failures).as("what met the server's absence").isPositive();
        List<TestClient.Item> records = client.records("crash/again", "out");
        assertGapless(records);
        assertThat(data(records).stream().distinct())
            .containsExactlyElementsOf(writtenBy(again, ""));
        assertThat(records).hasSizeLessThanOrEqualTo((int) (written(again) + 1 + failures));
        assertThat(data(records))
            .isSortedAccordingTo((left, right) -> Integer.compare(order(left), order(right)));
      }
    }
  }

  private static ClientProgram start(Relay relay, String name, String... arguments) {
    return ClientProgram.start(relay.url(), KEY, name, arguments);
  }

  private static int written(ClientProgram program) {
    return (int) program.steps("written").count();
  }

  private static void awaitMore(ClientProgram program, int count) {
    int enough = written(program) + count;
    assertThat(Eventually.within(LIMIT, () -> written(program) >= enough))
        .as("%d more of what is written", count)
        .isTrue();
  }

  /**
   * Until the stream no longer grows while the program goes on to write: the writer has a batch out
   * there, and waits for its acknowledgement.
   */
  private static void awaitStall(TestClient client, String session, ClientProgram program)
      throws Exception {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    int before;
    int after = client.records(session, "out").size();
    do {
      assertThat(System.nanoTime()).as("%s stalls", session).isLessThan(deadline);
      before = after;
      awaitMore(program, 15);
      after = client.records(session, "out").size();
    } while (after > before);
  }

  /** What the program wrote with this prefix, and the end. */
  private static List<String> writtenBy(ClientProgram program, String prefix) {
    Stream<String> written =
        program
            .steps("written")
            .map(step -> step.get("data").asText())
            .filter(data -> data.startsWith(prefix));
    return Stream.concat(written, Stream.of("end")).toList();
  }

  private static Stream<Long> lastEventIds(ClientProgram program) {
    return program.steps("complete").map(step -> step.get("lastEventId").asLong());
  }

  private static List<String> data(List<TestClient.Item> records) {
    return records.stream().map(TestClient.Item::data).toList();
  }

  private static void assertOnce(List<TestClient.Item> records) {
    assertGapless(records);
    Map<String, List<Long>> places =
        records.stream()
            .collect(groupingBy(TestClient.Item::id, mapping(TestClient.Item::seq, toList())));
    assertThat(places.values())
        .as("the places of each record")
        .allSatisfy(seqs -> assertThat(seqs).hasSize(1));
  }

  private static void assertGapless(List<TestClient.Item> records) {
    assertThat(records)
        .extracting(TestClient.Item::seq)
        .containsExactlyElementsOf(LongStream.range(0, records.size()).boxed().toList());
  }

  private static String place(JsonNode record) {
    return record.get("seq").asLong() + " " + record.get("data").asText();
  }

  private static int order(String data) {
    return "end".equals(data) ? Integer.MAX_VALUE : Integer.parseInt(data);
  }
}
