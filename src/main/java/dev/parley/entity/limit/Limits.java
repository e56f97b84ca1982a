package dev.parley.entity.limit;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingSettings;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits that hold for the cluster: whichever node is asked, a key has one count. It is asked once
 * for each request and kept in memory alone. Two things go before exactness: a count that is lost
 * begins anew, and one that is not told in time stops nobody.
 */
public final class Limits {
  static final EntityTypeKey<LimitMessage> TYPE_KEY =
      EntityTypeKey.create(LimitMessage.class, "Limit");

  /**
   * Keys that a node remembers; beyond that it forgets those that were not used for longest. Each
   * takes about 2 KiB.
   */
  private static final int MAX_KEYS = 20_000;

  /** What is asked for must not wait longer for its count. */
  static final Duration PATIENCE = Duration.ofMillis(500);

  private static final int MAX_KEY_LENGTH = 256;

  /** The first answer of a node waits for the shards. */
  private static final Duration FIRST_PATIENCE = Duration.ofSeconds(10);

  private static final Logger log = LoggerFactory.getLogger(Limits.class);

  private final ClusterSharding sharding;
  private final Executor dispatcher;

  private Limits(ClusterSharding sharding, Executor dispatcher) {
    this.sharding = sharding;
    this.dispatcher = dispatcher;
  }

  /**
   * Joins this node to those that count. To be called once for each system, and on every node, also
   * on those that limit nothing.
   */
  public static Limits start(ActorSystem<?> system) {
    return start(system, MAX_KEYS);
  }

  static Limits start(ActorSystem<?> system, int maxKeys) {
    ClusterSharding sharding = ClusterSharding.get(system);
    sharding.init(
        Entity.of(
                TYPE_KEY,
                context ->
                    LimitCounter.create(
                        System::nanoTime,
                        self -> context.getShard().tell(new ClusterSharding.Passivate<>(self))))
            .withSettings(rememberingAtMost(maxKeys, system))
            .withStopMessage(LimitMessage.Stop.INSTANCE));
    return new Limits(sharding, system.executionContext()::execute);
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
   * Counts once more under a key.
   *
   * @param key at most 256 characters, with the name of what is limited in front, since all limits
   *     share them
   * @param limit how often in a window; 0 for no limit, and then nothing is counted
   * @param window begins with the first that is counted in it; a millisecond to a day
   * @return never fails: when the count is not told within 500 ms, nothing is limited this time
   */
  public CompletionStage<Usage> take(String key, long limit, Duration window) {
    if (limit == 0) {
      return CompletableFuture.completedFuture(Usage.unlimited(window));
    }
    return ask(key, window, PATIENCE)
        .handleAsync(
            (taken, failure) ->
                failure == null
                    ? new Usage(limit, taken.count(), window, taken.untilReset())
                    : untold(key, window, failure),
            dispatcher);
  }

  /**
   * Done when a key of this node was counted, which requests need not wait for then; also when that
   * took too long.
   */
  public CompletionStage<Boolean> ready() {
    return ask("ready", Duration.ofMillis(1), FIRST_PATIENCE)
        .handleAsync((taken, failure) -> failure == null, dispatcher);
  }

  private CompletionStage<Taken> ask(String key, Duration window, Duration patience) {
    if (key.length() > MAX_KEY_LENGTH) {
      throw new IllegalArgumentException(
          "a key has %d characters; at most %d".formatted(key.length(), MAX_KEY_LENGTH));
    }
    return sharding
        .entityRefFor(TYPE_KEY, key)
        .ask(replyTo -> new LimitMessage.Take(window, replyTo), patience);
  }

  private static Usage untold(String key, Duration window, Throwable failure) {
    if (failure instanceof TimeoutException) {
      log.debug("The count of '{}' was not told in time, which limits nobody", key);
    } else {
      log.warn("The count of '{}' can't be asked for, which limits nobody", key, failure);
    }
    return Usage.unlimited(window);
  }
}
