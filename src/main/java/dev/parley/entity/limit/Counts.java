package dev.parley.entity.limit;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingSettings;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/**
 * Counts by key over the whole cluster, in memory: one actor for each. A count is lost with its
 * node, when it moves, and when too many others are counted besides.
 */
final class Counts {
  /**
   * Keys that a node remembers; beyond that it forgets those that were not used for longest. Each
   * takes about 2 KiB.
   */
  static final int MAX_KEYS = 20_000;

  private static final int MAX_KEY_LENGTH = 256;

  private final ClusterSharding sharding;
  private final EntityTypeKey<LimitMessage> type;

  private Counts(ClusterSharding sharding, EntityTypeKey<LimitMessage> type) {
    this.sharding = sharding;
    this.type = type;
  }

  /**
   * Joins this node to those that count. To be called once for each system and type, and on every
   * node.
   *
   * @param type those of one type share the memory of their keys, and no others
   * @param clock by which windows end
   */
  static Counts start(
      ActorSystem<?> system, EntityTypeKey<LimitMessage> type, int maxKeys, Clock clock) {
    ClusterSharding sharding = ClusterSharding.get(system);
    sharding.init(
        Entity.of(
                type,
                context ->
                    LimitCounter.create(
                        clock,
                        self -> context.getShard().tell(new ClusterSharding.Passivate<>(self))))
            .withSettings(rememberingAtMost(maxKeys, system))
            .withStopMessage(LimitMessage.Stop.INSTANCE));
    return new Counts(sharding, type);
  }

  /** A window that is still open ends early only when there are too many. */
  private static ClusterShardingSettings rememberingAtMost(int keys, ActorSystem<?> system) {
    ClusterShardingSettings settings =
        ClusterShardingSettings.create(system).withNoPassivationStrategy();
    return settings.withPassivationStrategy(
        settings
            .passivationStrategySettings()
            .withActiveEntityLimit(keys)
            .withLeastRecentlyUsedReplacement());
  }

  /**
   * Counts once more under a key, unless that is beyond the limit. Fails with {@link
   * TimeoutException} when the count is not told in time.
   *
   * @param key at most 256 characters, with the name of what is counted in front
   * @param window begins with the first that is counted in it
   */
  CompletionStage<Taken> take(String key, long limit, Duration window, Duration patience) {
    if (key.length() > MAX_KEY_LENGTH) {
      throw new IllegalArgumentException(
          "a key has %d characters; at most %d".formatted(key.length(), MAX_KEY_LENGTH));
    }
    return sharding
        .entityRefFor(type, key)
        .ask(replyTo -> new LimitMessage.Take(limit, window, replyTo), patience);
  }

  /** Takes back one that was counted. */
  void forgive(String key) {
    sharding.entityRefFor(type, key).tell(new LimitMessage.Forgive());
  }
}
