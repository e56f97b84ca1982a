package dev.parley.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClusterMembersTest {
  private static final Duration LATELY = Duration.ofSeconds(12);

  private static EmbeddedPostgres server;
  private static Database database;

  @BeforeAll
  static void start() {
    server = TestPostgres.start();
    database = Database.open(server.address(), 8, Duration.ofSeconds(10));
  }

  @AfterAll
  static void stop() {
    database.close();
    server.close();
  }

  @BeforeEach
  void clear() throws SQLException {
    TestPostgres.execute(server.address(), "truncate cluster_member");
  }

  private static ClusterMembers node(String address) {
    return new ClusterMembers(database.dataSource(), address);
  }

  @Test
  void of_nodes_that_start_at_once_one_forms_the_cluster() throws Exception {
    ExecutorService nodes = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Boolean>> claims =
          IntStream.range(0, 8)
              .<Callable<Boolean>>mapToObj(i -> () -> node("host-" + i + ":1").claim(LATELY))
              .toList();
      int won = 0;
      for (Future<Boolean> claim : nodes.invokeAll(claims)) {
        won += claim.get() ? 1 : 0;
      }
      assertThat(won).isEqualTo(1);
    } finally {
      nodes.shutdown();
    }
  }

  @Test
  void a_first_node_that_restarts_beside_living_ones_forms_none() throws SQLException {
    ClusterMembers first = node("first:1");
    assertThat(first.claim(LATELY)).isTrue();
    node("second:1").seen();
    assertThat(node("first:1").claim(LATELY)).isFalse();
    assertThat(node("first:1").others(LATELY)).containsExactly("second:1");
  }

  @Test
  void a_node_that_has_left_or_was_not_seen_for_long_is_nobody_to_wait_for() throws SQLException {
    node("left:1").seen();
    node("left:1").gone();
    node("killed:1").seen();
    TestPostgres.execute(
        server.address(), "update cluster_member set seen_at = now() - interval '1 minute'");
    ClusterMembers node = node("new:1");
    assertThat(node.others(Duration.ofHours(1))).containsExactly("killed:1");
    assertThat(node.claim(LATELY)).isTrue();
  }
}
