package dev.parley.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClusterMembersTest {
  private static final Duration LATELY = Duration.ofSeconds(12);
  private static final Duration NO_TENURE = Duration.ZERO;
  private static final AtomicLong UIDS = new AtomicLong();

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

  /** A start of a node, registered. */
  private record Started(
      Incarnation incarnation, ClusterMembers.Node node, ClusterMembers members) {

    /** A connection of its own, as those that write to sessions. */
    Connection connect() throws SQLException {
      DatabaseAddress address = incarnation.mark(server.address());
      Connection connection =
          DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
      try (Statement statement = connection.createStatement()) {
        statement.execute(incarnation.admission());
        return connection;
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    }
  }

  private static Started node(String address) throws Exception {
    Incarnation incarnation = Incarnation.begin();
    ClusterMembers.Node node = new ClusterMembers.Node(address, UIDS.incrementAndGet());
    ClusterMembers members = new ClusterMembers(database.dataSource(), incarnation, node);
    members.enter(NO_TENURE);
    return new Started(incarnation, node, members);
  }

  private static Started member(String address) throws Exception {
    Started node = node(address);
    assertThat(node.members().seen()).isTrue();
    return node;
  }

  @Test
  void of_nodes_that_start_at_once_one_forms_the_cluster() throws Exception {
    ExecutorService nodes = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Boolean>> claims =
          IntStream.range(0, 8)
              .<Callable<Boolean>>mapToObj(
                  i -> () -> node("host-" + i + ":1").members().claim(LATELY))
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
  void a_first_node_that_restarts_beside_living_ones_forms_none() throws Exception {
    assertThat(node("first:1").members().claim(LATELY)).isTrue();
    member("second:1");
    ClusterMembers again = node("first:1").members();
    assertThat(again.claim(LATELY)).isFalse();
    assertThat(again.others(LATELY)).containsExactly("second:1");
  }

  @Test
  void a_node_that_has_left_or_was_not_seen_for_long_is_nobody_to_wait_for() throws Exception {
    member("left:1").members().gone();
    member("killed:1");
    node("starting:1");
    TestPostgres.execute(
        server.address(), "update cluster_member set seen_at = now() - interval '1 minute'");
    ClusterMembers node = node("new:1").members();
    assertThat(node.others(Duration.ofHours(1))).containsExactly("killed:1");
    assertThat(node.claim(LATELY)).isTrue();
  }

  @Test
  void who_was_removed_writes_nothing_more_not_even_what_it_has_begun() throws Exception {
    Started frozen = member("frozen:1");
    Started other = member("other:1");
    TestPostgres.execute(
        server.address(), "create table if not exists written (by text)", "truncate written");
    try (Connection connection = frozen.connect();
        Statement write = connection.createStatement()) {
      connection.setAutoCommit(false);
      write.execute("insert into written values ('frozen')");

      assertThat(other.members().remove(List.of(frozen.node()), NO_TENURE)).isTrue();

      assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
    }
    assertThat(TestPostgres.query(server.address(), "select count(*) from written")).isEqualTo("0");
    assertThatThrownBy(frozen::connect).hasMessageContaining("removed from the cluster");
    assertThat(frozen.members().seen()).isFalse();
    other.connect().close();
  }

  @Test
  void of_two_that_remove_each_other_one_goes_on() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int round = 0; round < 10; round++) {
        Started one = member("one-" + round + ":1");
        Started two = member("two-" + round + ":1");
        Future<Boolean> first =
            threads.submit(() -> one.members().remove(List.of(two.node()), NO_TENURE));
        Future<Boolean> second =
            threads.submit(() -> two.members().remove(List.of(one.node()), NO_TENURE));
        assertThat(first.get() ^ second.get()).isTrue();
        assertThat(one.members().seen() ^ two.members().seen()).isTrue();
        assertThat(one.members().seen()).isEqualTo(first.get());
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void waits_until_who_is_removed_has_ceased_to_believe_that_it_is_a_member() throws Exception {
    Duration tenure = Duration.ofMillis(700);
    Started alive = member("alive:1");
    Started other = member("other:1");
    long before = System.nanoTime();
    assertThat(other.members().remove(List.of(alive.node()), tenure)).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .isBetween(Duration.ofMillis(400), Duration.ofSeconds(20));

    // It has not been seen since, so there is nothing to wait for any more.
    before = System.nanoTime();
    assertThat(other.members().remove(List.of(alive.node()), Duration.ofMillis(1))).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMillis(400));
  }

  @Test
  void a_new_start_at_the_same_address_ends_the_former_one() throws Exception {
    Started former = member("same:1");
    Started now = member("same:1");
    assertThat(former.members().seen()).isFalse();
    assertThatThrownBy(former::connect).isInstanceOf(SQLException.class);
    assertThat(now.members().seen()).isTrue();
    now.connect().close();
  }

  @Test
  void only_the_start_that_was_meant_is_removed() throws Exception {
    Started former = member("same:1");
    Started now = member("same:1");
    Started other = member("other:1");
    other.members().remove(List.of(former.node()), NO_TENURE);
    assertThat(now.members().seen()).isTrue();
  }
}
