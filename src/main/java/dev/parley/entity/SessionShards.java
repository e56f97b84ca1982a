package dev.parley.entity;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.sharding.ShardRegion.ClusterShardingStats;
import org.apache.pekko.cluster.sharding.ShardRegion.ShardRegionStats;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingQuery;
import org.apache.pekko.cluster.sharding.typed.GetClusterShardingStats;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/** Where the sessions of the cluster are awake. */
public final class SessionShards {
  private static final EntityTypeKey<SessionMessage> TYPE_KEY =
      EntityTypeKey.create(SessionMessage.class, SessionEntity.TYPE);

  /** Nodes that do not answer within it are left out. */
  private static final Duration NODES_LIMIT = Duration.ofSeconds(2);

  private static final Duration LIMIT = NODES_LIMIT.plusSeconds(1);

  private final ActorSystem<?> system;

  public SessionShards(ActorSystem<?> system) {
    this.system = system;
  }

  /**
   * What a node has of the sessions.
   *
   * @param shards how many of the shards are at home there
   * @param awake how many sessions are in memory
   */
  public record Held(int shards, long awake) {}

  /**
   * By the address of the node. Nodes without shards have an entry, too, once they serve sessions.
   * Fails with {@link TimeoutException} when nobody knows.
   */
  public CompletionStage<Map<String, Held>> count() {
    return AskPattern.<ClusterShardingQuery, ClusterShardingStats>ask(
            ClusterSharding.get(system).shardState(),
            replyTo -> new GetClusterShardingStats(TYPE_KEY, NODES_LIMIT, replyTo),
            LIMIT,
            system.scheduler())
        .thenApply(SessionShards::counted);
  }

  private static Map<String, Held> counted(ClusterShardingStats stats) {
    Map<String, Held> byNode = new TreeMap<>();
    stats.getRegions().forEach((address, region) -> byNode.put(address.toString(), held(region)));
    return byNode;
  }

  private static Held held(ShardRegionStats region) {
    long awake = region.getStats().values().stream().mapToLong(n -> ((Number) n).longValue()).sum();
    return new Held(region.getStats().size(), awake);
  }
}
