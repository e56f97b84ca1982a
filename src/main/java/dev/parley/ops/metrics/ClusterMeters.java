package dev.parley.ops.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.sharding.ClusterSharding;
import org.apache.pekko.cluster.sharding.ShardRegion;
import org.apache.pekko.pattern.Patterns;

/** The cluster as this node sees it, and which part of it lives here. */
public final class ClusterMeters {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final List<MemberStatus> STATUSES =
      List.of(
          MemberStatus.joining(),
          MemberStatus.weaklyUp(),
          MemberStatus.up(),
          MemberStatus.leaving(),
          MemberStatus.exiting(),
          MemberStatus.down());

  private final ActorSystem<?> system;
  private final MultiGauge shards;
  private final MultiGauge entities;

  public ClusterMeters(ActorSystem<?> system, MeterRegistry registry) {
    this.system = system;
    Cluster cluster = Cluster.get(system);
    for (MemberStatus status : STATUSES) {
      Gauge.builder("parley.cluster.members", cluster, seen -> members(seen, status))
          .tag("status", status.toString().toLowerCase(Locale.ROOT))
          .register(registry);
    }
    Gauge.builder(
            "parley.cluster.unreachable.members",
            cluster,
            seen -> seen.state().getUnreachable().size())
        .register(registry);
    Gauge.builder(
            "parley.cluster.leader",
            cluster,
            seen -> seen.selfAddress().equals(seen.state().getLeader()) ? 1 : 0)
        .register(registry);
    this.shards = MultiGauge.builder("parley.shards").register(registry);
    this.entities = MultiGauge.builder("parley.entities").register(registry);
  }

  private static long members(Cluster cluster, MemberStatus status) {
    return StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
        .filter(member -> member.status().equals(status))
        .count();
  }

  /** The shards of one kind of entity that live here. */
  private record Region(String type, Map<String, Object> entitiesByShard) {
    private double entities() {
      return entitiesByShard.values().stream()
          .mapToDouble(count -> ((Number) count).doubleValue())
          .sum();
    }
  }

  /**
   * Counts shards and entities of this node. Done within a second; fails when that is too short.
   */
  public CompletionStage<Void> refresh() {
    ClusterSharding sharding = ClusterSharding.get(system.classicSystem());
    List<CompletableFuture<Region>> asked = new ArrayList<>();
    for (String type : sharding.getShardTypeNames()) {
      asked.add(
          Patterns.ask(sharding.shardRegion(type), ShardRegion.getRegionStatsInstance(), PATIENCE)
              .thenApplyAsync(
                  stats -> new Region(type, ((ShardRegion.ShardRegionStats) stats).getStats()),
                  system.executionContext()::execute)
              .toCompletableFuture());
    }
    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
        .thenRun(() -> show(asked.stream().map(CompletableFuture::join).toList()));
  }

  private void show(List<Region> regions) {
    shards.register(
        regions.stream().map(region -> row(region, region.entitiesByShard().size())).toList(),
        true);
    entities.register(
        regions.stream().map(region -> row(region, region.entities())).toList(), true);
  }

  private static MultiGauge.Row<?> row(Region region, double value) {
    return MultiGauge.Row.of(Tags.of("type", region.type()), value);
  }
}
