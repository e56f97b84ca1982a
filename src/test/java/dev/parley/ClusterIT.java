package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes as they are deployed: processes of their own that share a database. */
@Tag("long")
class ClusterIT {
  private static final int SESSIONS = 12;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** The wish is 8 s; how long it took is printed. */
  private static final Duration AFTER_KILL = Duration.ofSeconds(60);

  @TempDir Path directory;

  private ThreeNodes nodes;
  private final List<TestClient> clients = new ArrayList<>();
  private final List<RepeatingWriter> writers = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    nodes = ThreeNodes.start(directory, Map.of());
    for (int i = 0; i < ThreeNodes.COUNT; i++) {
      clients.add(nodes.client(i));
    }
  }

  @AfterEach
  void stop() {
    if (nodes != null) {
      nodes.close();
    }
  }

  @Test
  void every_node_serves_every_session_and_nothing_is_lost_when_nodes_leave_die_or_stand_still()
      throws Exception {
    for (int i = 0; i < SESSIONS; i++) {
      clients.get(i % ThreeNodes.COUNT).create("cluster/" + i);
      writers.add(new RepeatingWriter(clients, "cluster/" + i, "in", "writer:" + i));
    }
    writers.forEach(Thread::start);
    awaitProgress(LIMIT);

    nodes.get(0).kill9();
    Duration afterKill = awaitProgress(AFTER_KILL);
    nodes.get(0).restart();
    awaitProgress(LIMIT);

    nodes.get(1).terminate();
    Duration afterLeave = awaitProgress(LIMIT);
    nodes.get(1).restart();
    awaitProgress(LIMIT);

    nodes.get(2).freeze();
    Duration afterFreeze = awaitProgress(LIMIT);
    nodes.get(2).thaw();
    // The others have taken over, so it has no business any more.
    nodes.get(2).awaitEnd(LIMIT);
    assertThat(nodes.get(2).exitCode()).isEqualTo(1);
    assertThat(nodes.get(2).stderr()).contains("removed this one from the cluster");
    nodes.get(2).restart();
    awaitProgress(LIMIT);
    System.out.printf(
        "ClusterIT: all %d sessions went on %d ms after kill -9, %d ms after a graceful leave,"
            + " %d ms after a node stood still%n",
        SESSIONS, afterKill.toMillis(), afterLeave.toMillis(), afterFreeze.toMillis());

    for (RepeatingWriter writer : writers) {
      writer.finish(LIMIT);
    }
    for (int i = 0; i < SESSIONS; i++) {
      List<TestClient.Item> expected = writers.get(i).acknowledged();
      for (TestClient client : clients) {
        List<TestClient.Item> records = client.records("cluster/" + i, "in");
        assertThat(records).isEqualTo(expected);
        assertThat(records)
            .extracting(TestClient.Item::seq)
            .containsExactlyElementsOf(LongStream.range(0, records.size()).boxed().toList());
      }
    }
  }

  /** Waits until every session has taken something more, and says how long that took. */
  private Duration awaitProgress(Duration limit) {
    long start = System.nanoTime();
    List<Integer> before = writers.stream().map(writer -> writer.acknowledged().size()).toList();
    Set<Integer> stuck = new HashSet<>(IntStream.range(0, SESSIONS).boxed().toList());
    boolean went =
        Eventually.within(
            limit,
            () -> {
              stuck.removeIf(i -> writers.get(i).acknowledged().size() > before.get(i) + 1);
              return stuck.isEmpty();
            });
    assertThat(went).as("sessions %s do not go on within %s", stuck, limit).isTrue();
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
