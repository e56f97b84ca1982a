package dev.parley.entity.limit;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;
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

  /** What is asked for must not wait longer for its count. */
  static final Duration PATIENCE = Duration.ofMillis(500);

  /** The first answer of a node waits for the shards. */
  private static final Duration FIRST_PATIENCE = Duration.ofSeconds(10);

  private static final Logger log = LoggerFactory.getLogger(Limits.class);

  private final Counts counts;
  private final Executor dispatcher;

  private Limits(Counts counts, Executor dispatcher) {
    this.counts = counts;
    this.dispatcher = dispatcher;
  }

  /**
   * Joins this node to those that count. To be called once for each system, and on every node, also
   * on those that limit nothing.
   *
   * @param clock by which windows end
   */
  public static Limits start(ActorSystem<?> system, Clock clock) {
    return start(system, Counts.MAX_KEYS, clock);
  }

  static Limits start(ActorSystem<?> system, int maxKeys, Clock clock) {
    return new Limits(
        Counts.start(system, TYPE_KEY, maxKeys, clock), system.executionContext()::execute);
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
    return counts
        .take(key, limit, window, PATIENCE)
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
    return counts
        .take("ready", 1, Duration.ofMillis(1), FIRST_PATIENCE)
        .handleAsync((taken, failure) -> failure == null, dispatcher);
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
