package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged is there once, at its place, whatever happens to the server. */
class CrashIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int KILLS = 3;
  private static final int WRITERS = 4;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir Path directory;

  private final long seed = Long.getLong("parley.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @BeforeEach
  void showSeed() {
    System.out.println("CrashIT: repeat with -Dparley.seed=" + seed);
  }

  @Test
  void plain_writers_and_readers_lose_and_repeat_nothing_when_the_server_is_killed()
      throws Exception {
    try (ParleyProcess server = ParleyProcess.start(directory)) {
      TestClient client = new TestClient(server, ParleyProcess.SECRET_KEY);
      String session = client.create("crash/plain");
      List<RepeatingWriter> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        writers.add(new RepeatingWriter(client, session, "in", "writer:" + i));
      }
      writers.forEach(Thread::start);
      for (int kill = 0; kill < KILLS; kill++) {
        killSoon(server, () -> writers.stream().mapToInt(w -> w.acknowledged().size()).sum());
        server.restart();
      }
      int enough = writers.get(0).acknowledged().size() + 10;
      assertThat(Eventually.within(LIMIT, () -> writers.get(0).acknowledged().size() >= enough))
          .as("appends go on after the last restart")
          .isTrue();
      for (RepeatingWriter writer : writers) {
        writer.finish(LIMIT);
      }

      List<TestClient.Item> records = client.records(session, "in");
      assertGapless(records);
      assertThat(records)
          .containsExactlyInAnyOrderElementsOf(
              writers.stream().flatMap(w -> w.acknowledged().stream()).toList());
      restartAndFindTheSame(server, client, session, "in", records);
      assertThat(Eventually.within(LIMIT, () -> counted(client) >= records.size())).isTrue();
      assertThat(counted(client)).as("each counts once").isEqualTo(records.size());
    }
  }

  /** The records of all sessions, as the figures have them. */
  private static long counted(TestClient client) {
    try {
      String stats = client.send("GET", "/api/v1/sessions/stats?period=1h", "").body();
      return JSON.readTree(stats).at("/groups/0/total/records").asLong(-1);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void the_published_client_sends_and_reads_on_when_the_server_is_killed() throws Exception {
    ClientProgram.requireInstalled();
    String key = ParleyProcess.SECRET_KEY;
    String session = "crash/published";
    try (ParleyProcess server = ParleyProcess.start(directory)) {
      TestClient client = new TestClient(server, key);
      client.create(session);
      try (ClientProgram sender = ClientProgram.start(server, key, "sender", session);
          ClientProgram sdkIn = ClientProgram.start(server, key, "reader", session, "in", "sdk");
          ClientProgram rawIn = ClientProgram.start(server, key, "reader", session, "in", "raw");
          ClientProgram sdkOut =
              ClientProgram.start(server, key, "reader", session, "out", "sdk")) {
        RepeatingWriter agent = new RepeatingWriter(client, session, "out", "agent");
        agent.start();
        for (int kill = 0; kill < KILLS; kill++) {
          killSoon(server, () -> (int) sender.steps("acknowledged").count());
          server.restart();
        }
        awaitMore(sender, "acknowledged", 10);
        sender.endInput();
        sender.awaitSuccess(LIMIT);
        agent.finish(LIMIT);
        assertThat(client.append(session, "out", "the end", "end").statusCode()).isEqualTo(200);
        for (ClientProgram reader : List.of(sdkIn, rawIn, sdkOut)) {
          reader.awaitSuccess(LIMIT);
        }

        List<TestClient.Item> in = client.records(session, "in");
        assertGapless(in);
        assertThat(in)
            .extracting(TestClient.Item::data)
            .containsExactlyElementsOf(
                sender.steps("acknowledged").map(step -> step.get("data").asText()).toList());
        assertThat(seenBy(sdkIn)).containsExactlyElementsOf(places(in));
        assertThat(seenBy(rawIn)).containsExactlyElementsOf(places(in));
        assertThat(rawIn.steps("disconnected").count()).isGreaterThanOrEqualTo(KILLS);

        List<TestClient.Item> out = client.records(session, "out");
        assertGapless(out);
        assertThat(out.subList(0, out.size() - 1)).containsExactlyElementsOf(agent.acknowledged());
        assertThat(seenBy(sdkOut)).containsExactlyElementsOf(places(out));
        restartAndFindTheSame(server, client, session, "in", in);
      }
      readFromTheMiddle(server, session, client.records(session, "in"));
    }
  }

  private static void readFromTheMiddle(
      ParleyProcess server, String session, List<TestClient.Item> records) throws Exception {
    int middle = records.size() / 2;
    for (String way : List.of("sdk", "raw")) {
      String after = Integer.toString(middle - 1);
      try (ClientProgram reader =
          ClientProgram.start(
              server, ParleyProcess.SECRET_KEY, "reader", session, "in", way, after)) {
        reader.awaitSuccess(LIMIT);
        assertThat(seenBy(reader))
            .containsExactlyElementsOf(places(records.subList(middle, records.size())));
      }
    }
  }

  /** At a moment that has nothing to do with what the server is just doing. */
  private void killSoon(ParleyProcess server, IntSupplier acknowledged) {
    int wanted = acknowledged.getAsInt() + 50 + random.nextInt(200);
    assertThat(Eventually.within(LIMIT, () -> acknowledged.getAsInt() >= wanted))
        .as("%d acknowledgements, seed %d", wanted, seed)
        .isTrue();
    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(20_000)));
    server.kill9();
  }

  private static void awaitMore(ClientProgram program, String step, int count) {
    long enough = program.steps(step).count() + count;
    assertThat(Eventually.within(LIMIT, () -> program.steps(step).count() >= enough))
        .as("%d more of %s", count, step)
        .isTrue();
  }

  private static void restartAndFindTheSame(
      ParleyProcess server,
      TestClient client,
      String session,
      String io,
      List<TestClient.Item> records)
      throws Exception {
    server.terminate();
    server.restart();
    assertThat(client.records(session, io)).isEqualTo(records);
  }

  private static void assertGapless(List<TestClient.Item> records) {
    assertThat(records)
        .extracting(TestClient.Item::seq)
        .containsExactlyElementsOf(LongStream.range(0, records.size()).boxed().toList());
  }

  private static Stream<String> seenBy(ClientProgram reader) {
    return reader.steps("record").map(CrashIT::place);
  }

  private static String place(JsonNode record) {
    return record.get("seq").asLong() + " " + record.get("data").asText();
  }

  private static List<String> places(List<TestClient.Item> records) {
    return records.stream().map(record -> record.seq() + " " + record.data()).toList();
  }
}
