package dev.parley.entity.limit;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/**
 * Bounds how often something may be tried, over the whole cluster. Where the count can't be told,
 * nothing may be tried: who guesses passwords must not gain by making a node slow. Its counts have
 * a memory of their own, so that requests from many addresses make no node forget them.
 */
public final class Throttle {
  private static final EntityTypeKey<LimitMessage> TYPE_KEY =
      EntityTypeKey.create(LimitMessage.class, "Try");

  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private final Counts counts;
  private final Executor dispatcher;

  private Throttle(Counts counts, Executor dispatcher) {
    this.counts = counts;
    this.dispatcher = dispatcher;
  }

  /** Joins this node to those that count. To be called once for each actor system. */
  public static Throttle start(ActorSystem<?> system, Clock clock) {
    return new Throttle(
        Counts.start(system, TYPE_KEY, Counts.MAX_KEYS, clock), system.executionContext()::execute);
  }

  /**
   * Asks for leave to try, which counts as a failure unless {@link #forgive} takes it back. Fails
   * with {@link TimeoutException} when the count is not told within 4 s.
   *
   * @param key with the name of what is tried in front, since all share them
   * @param limit of tries that fail in a window
   * @param window begins with the first that counts in it
   */
  public CompletionStage<Usage> attempt(String key, long limit, Duration window) {
    return counts
        .take(key, limit, window, PATIENCE)
        // Elsewhere than on the thread that completes the answer, which is the common pool's.
        .thenApplyAsync(
            taken -> new Usage(limit, taken.count(), window, taken.untilReset()), dispatcher);
  }

  /** A try that was allowed does not count after all. */
  public void forgive(String key) {
    counts.forgive(key);
  }
}
