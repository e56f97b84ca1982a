package dev.parley.entity.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import dev.parley.Eventually;
import dev.parley.TestConfig;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.sharding.ShardRegion;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingQuery;
import org.apache.pekko.cluster.sharding.typed.GetShardRegionState;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Limits of one node; ClusterLimitsTest has several. */
class LimitsTest {
  private static final Duration HOUR = Duration.ofHours(1);

  /** One for each shard: a node keeps at least that many. */
  private static final int MAX_KEYS = 100;

  private static final ActorTestKit KIT = ActorTestKit.create("parley", config());
  private static Limits limits;

  @BeforeAll
  static void start() throws Exception {
    Cluster cluster = Cluster.get(KIT.system());
    cluster.join(cluster.selfAddress());
    limits = Limits.start(KIT.system(), MAX_KEYS, Clock.systemUTC());
    assertThat(await(limits.ready())).isTrue();
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static Config config() {
    return TestConfig.node(
        Map.of("pekko.coordinated-shutdown.run-by-actor-system-terminate", "off"));
  }

  private static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  @Test
  void a_key_is_counted_for_itself_and_told_with_every_answer() throws Exception {
    Usage first = await(limits.take("a", 2, HOUR));
    assertThat(first.limit()).isEqualTo(2);
    assertThat(first.count()).isEqualTo(1);
    assertThat(first.window()).isEqualTo(HOUR);
    assertThat(first.untilReset()).isBetween(HOUR.minusMinutes(1), HOUR);
    assertThat(first.isAllowed()).isTrue();
    assertThat(await(limits.take("a", 2, HOUR)).isAllowed()).isTrue();
    Usage third = await(limits.take("a", 2, HOUR));
    assertThat(third.isAllowed()).isFalse();
    assertThat(third.remaining()).isZero();
    assertThat(await(limits.take("b", 2, HOUR)).count()).isEqualTo(1);
  }

  @Test
  void a_window_that_is_over_begins_anew() throws Exception {
    Duration window = Duration.ofMillis(1);
    Usage usage = await(limits.take("short", 1, window));
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    int renewed = 0;
    while (renewed < 3 && System.nanoTime() < end) {
      usage = await(limits.take("short", 1, window));
      renewed += usage.count() == 1 ? 1 : 0;
    }
    assertThat(renewed).isEqualTo(3);
    assertThat(usage.secondsUntilReset()).isEqualTo(1);
  }

  @Test
  void without_a_limit_nobody_is_asked() {
    CompletionStage<Usage> usage = limits.take("x".repeat(1_000), 0, HOUR);
    assertThat(usage.toCompletableFuture())
        .isCompletedWithValue(new Usage(0, 0, HOUR, Duration.ZERO));
  }

  @Test
  void a_key_that_is_too_long_is_refused() {
    assertThatThrownBy(() -> limits.take("x".repeat(257), 1, HOUR))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("257 characters; at most 256");
  }

  @Test
  void many_keys_do_not_add_up_for_ever() throws Exception {
    assertThat(await(limits.take("forgotten", 1, HOUR)).count()).isEqualTo(1);
    assertThat(await(limits.take("forgotten", 1, HOUR)).isAllowed()).isFalse();
    List<CompletionStage<Usage>> taken = new ArrayList<>();
    for (int i = 0; i < 20 * MAX_KEYS; i++) {
      taken.add(limits.take("key " + i, 1, HOUR));
    }
    for (CompletionStage<Usage> usage : taken) {
      assertThat(await(usage).isAllowed()).isTrue();
    }
    assertThat(Eventually.within(Duration.ofSeconds(20), () -> remembered() <= 2 * MAX_KEYS))
        .isTrue();
    assertThat(await(limits.take("forgotten", 1, HOUR)).count()).isEqualTo(1);
  }

  private static long remembered() {
    try {
      ShardRegion.CurrentShardRegionState state =
          await(
              AskPattern.<ClusterShardingQuery, ShardRegion.CurrentShardRegionState>ask(
                  ClusterSharding.get(KIT.system()).shardState(),
                  replyTo -> new GetShardRegionState(Limits.TYPE_KEY, replyTo),
                  Duration.ofSeconds(5),
                  KIT.system().scheduler()));
      return state.getShards().stream().mapToLong(shard -> shard.getEntityIds().size()).sum();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** A node that is in no cluster has nobody who counts. */
  @Test
  void a_count_that_is_not_told_in_time_stops_requests_of_nobody_and_tries_of_everybody()
      throws Exception {
    ActorTestKit alone = ActorTestKit.create("parley", config());
    try {
      Throttle throttle = Throttle.start(alone.system(), Clock.systemUTC());
      assertThatThrownBy(() -> await(throttle.attempt("a", 1, HOUR)))
          .hasRootCauseInstanceOf(TimeoutException.class);
      Limits lost = Limits.start(alone.system(), Clock.systemUTC());
      long begin = System.nanoTime();
      Usage usage = await(lost.take("a", 1, HOUR));
      assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(Limits.PATIENCE.toNanos());
      assertThat(usage.isAllowed()).isTrue();
      assertThat(usage.limit()).as("nothing is told of a limit").isZero();
    } finally {
      ActorSystem<?> system = alone.system();
      ActorTestKit.shutdown(system, Duration.ofSeconds(30));
    }
  }
}
