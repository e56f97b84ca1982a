package dev.parley;

import static dev.parley.ClusterNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.entity.limit.Usage;
import dev.parley.journal.EmbeddedPostgres;
import dev.parley.journal.TestPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Three nodes over real connections that count together. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterLimitsTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration HOUR = Duration.ofHours(1);

  private static EmbeddedPostgres postgres;
  private static final int LIMIT_OF_KEYS = 10;

  private static final List<ClusterNode> NODES = new ArrayList<>();

  @BeforeAll
  static void startNodes() throws Exception {
    postgres = TestPostgres.start();
    NODES.add(ClusterNode.first(postgres.address()));
    NODES.add(NODES.get(0).another(postgres.address()));
    NODES.add(NODES.get(0).another(postgres.address()));
    awaitNodes(3);
    for (ClusterNode node : NODES) {
      assertThat(await(node.limits().ready())).isTrue();
    }
  }

  private static void awaitNodes(int count) {
    assertThat(Eventually.within(LIMIT, () -> NODES.stream().allMatch(node -> node.sees(count))))
        .isTrue();
  }

  @AfterAll
  static void stopNodes() throws Exception {
    Collections.reverse(NODES);
    for (ClusterNode node : NODES) {
      node.close();
    }
    postgres.close();
  }

  /** Asked again while nobody tells it, as when a shard is about to get its place. */
  private static Usage told(ClusterNode node, String key) {
    List<Usage> answers = new ArrayList<>();
    assertThat(
            Eventually.within(
                LIMIT,
                () -> {
                  answers.add(join(node.limits().take(key, LIMIT_OF_KEYS, HOUR)));
                  return answers.get(answers.size() - 1).limit() > 0;
                }))
        .isTrue();
    return answers.get(answers.size() - 1);
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  @Test
  @Order(1)
  void what_is_taken_on_any_node_counts_for_all() {
    List<String> keys = IntStream.range(0, 30).mapToObj(i -> "address " + i).toList();
    for (String key : keys) {
      long before = told(NODES.get(0), key).count();
      List<CompletionStage<Usage>> taken = new ArrayList<>();
      for (int i = 0; i < LIMIT_OF_KEYS; i++) {
        taken.add(NODES.get(i % 3).limits().take(key, LIMIT_OF_KEYS, HOUR));
      }
      List<Usage> usages = taken.stream().map(ClusterLimitsTest::join).toList();
      assertThat(usages)
          .extracting(Usage::count)
          .containsExactlyInAnyOrderElementsOf(
              LongStream.rangeClosed(before + 1, before + LIMIT_OF_KEYS)
                  .map(count -> Math.min(count, LIMIT_OF_KEYS + 1))
                  .boxed()
                  .toList());
      assertThat(usages).filteredOn(usage -> !usage.isAllowed()).hasSize((int) before);
      assertThat(usages)
          .extracting(Usage::untilReset)
          .allMatch(left -> left.compareTo(HOUR.minusMinutes(5)) > 0);
    }
  }

  @Test
  @Order(2)
  void counts_of_a_node_that_has_left_begin_anew_and_all_others_go_on() throws Exception {
    List<String> keys = IntStream.range(0, 30).mapToObj(i -> "leaving " + i).toList();
    for (String key : keys) {
      long before = told(NODES.get(0), key).count();
      assertThat(told(NODES.get(1), key).count()).isEqualTo(before + 1);
    }
    NODES.remove(2).close();
    awaitNodes(2);
    long kept = keys.stream().filter(key -> told(NODES.get(0), key).count() > 1).count();
    assertThat(kept).isBetween(1L, keys.size() - 1L);
    for (String key : keys) {
      long before = told(NODES.get(0), key).count();
      assertThat(told(NODES.get(1), key).count()).isEqualTo(before + 1);
    }
  }
}
