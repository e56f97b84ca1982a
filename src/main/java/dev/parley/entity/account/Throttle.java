package dev.parley.entity.account;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingSettings;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/**
 * Bounds how often something may be tried, over the whole cluster: one actor for each key counts,
 * in memory. A count is lost with its node or when it moves. Where it can't be told, nothing may be
 * tried: who guesses passwords must not gain by making a node slow.
 */
public final class Throttle {
  private static final EntityTypeKey<TriesMessage> TYPE_KEY =
      EntityTypeKey.create(TriesMessage.class, "Tries");

  /**
   * Keys that a node remembers; beyond that it forgets those that were not used for longest. Each
   * takes about 3 KiB.
   */
  private static final int MAX_KEYS = 20_000;

  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private final ClusterSharding sharding;
  private final Executor dispatcher;

  private Throttle(ActorSystem<?> system, Clock clock) {
    this.sharding = ClusterSharding.get(system);
    this.dispatcher = system.executionContext()::execute;
    ClusterShardingSettings settings =
        ClusterShardingSettings.create(system).withNoPassivationStrategy();
    sharding.init(
        Entity.of(
                TYPE_KEY,
                context ->
                    TriesCounter.create(
                        clock,
                        self -> context.getShard().tell(new ClusterSharding.Passivate<>(self))))
            .withSettings(
                settings.withPassivationStrategy(
                    settings
                        .passivationStrategySettings()
                        .withActiveEntityLimit(MAX_KEYS)
                        .withLeastRecentlyUsedReplacement()))
            .withStopMessage(TriesMessage.Stop.INSTANCE));
  }

  /** Joins this node to those that count. To be called once for each actor system. */
  public static Throttle start(ActorSystem<?> system, Clock clock) {
    return new Throttle(system, clock);
  }

  /**
   * Asks for leave to try, which counts as a failure unless {@link #forgive} takes it back. Fails
   * with {@link TimeoutException} when the count is not told within 4 s.
   *
   * @param key with the name of what is tried in front, since all share them
   * @param limit of tries that fail in a window
   * @param window begins with the first that counts in it
   */
  public CompletionStage<Tried> attempt(String key, long limit, Duration window) {
    return sharding
        .entityRefFor(TYPE_KEY, key)
        .<Tried>ask(replyTo -> new TriesMessage.Try(limit, window, replyTo), PATIENCE)
        // Elsewhere than on the thread that completes the answer, which is the common pool's.
        .thenApplyAsync(tried -> tried, dispatcher);
  }

  /** A try that was allowed does not count after all. */
  public void forgive(String key) {
    sharding.entityRefFor(TYPE_KEY, key).tell(new TriesMessage.Forgive());
  }
}
