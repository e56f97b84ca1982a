package dev.parley.ops;

import dev.parley.entity.Leaving;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.ServerBinding;

/**
 * The end of a node's service, in this order: it is not ready any more; when balancers have
 * noticed, it takes no more connections; whoever reads or writes a stream is told to come again
 * elsewhere; other requests end. Then Pekko hands over the sessions and leaves the cluster.
 */
public final class Shutdown {
  /**
   * How long it may take.
   *
   * @param delay from not being ready to taking no more connections, at most 100 s
   * @param requests for requests under way, at most 200 s; what is left is cut off
   */
  public record Limits(Duration delay, Duration requests) {
    /** Below what Pekko waits for the phases of its shutdown. */
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(100);

    private static final Duration LONGEST_REQUESTS = Duration.ofSeconds(200);

    public Limits {
      check("delay (PARLEY_SHUTDOWN_DELAY)", delay, LONGEST_DELAY);
      check("requests-within (PARLEY_SHUTDOWN_REQUESTS_WITHIN)", requests, LONGEST_REQUESTS);
    }

    private static void check(String name, Duration value, Duration longest) {
      if (value.isNegative() || value.compareTo(longest) > 0) {
        throw new IllegalArgumentException(
            "%s is %d ms; it must be from 0s to %ds"
                .formatted(name, value.toMillis(), longest.toSeconds()));
      }
    }
  }

  private static final Duration LOOK_EVERY = Duration.ofMillis(10);
  private static final Duration LAST_BYTES = Duration.ofMillis(200);
  private static final Duration IDLE_CONNECTIONS = Duration.ofSeconds(1);

  private final Limits limits;
  private volatile boolean begun;

  public Shutdown(Limits limits) {
    this.limits = limits;
  }

  /** Whether no more requests should be sent here. */
  public boolean hasBegun() {
    return begun;
  }

  /** Makes this the way in which the system shuts down. */
  public void add(ActorSystem<?> system, ServerBinding binding, Leaving leaving) {
    CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
    shutdown.addTask(
        CoordinatedShutdown.PhaseBeforeServiceUnbind(), "not-ready", this::becomeNotReady);
    shutdown.addTask(
        CoordinatedShutdown.PhaseServiceUnbind(), "http-unbind", () -> binding.unbind());
    shutdown.addTask(
        CoordinatedShutdown.PhaseServiceRequestsDone(),
        "http-requests",
        () ->
            CompletableFuture.runAsync(() -> seeOff(leaving))
                .thenCompose(seenOff -> binding.terminate(IDLE_CONNECTIONS))
                .thenApply(ended -> Done.getInstance()));
    shutdown.addTask(
        CoordinatedShutdown.PhaseClusterShardingShutdownRegion(),
        "last-regions",
        () -> {
          LastRegion.endAll(system);
          return CompletableFuture.completedFuture(Done.getInstance());
        });
  }

  /**
   * Waits until all requests are answered, or long enough. Pekko HTTP does not say when the last
   * bytes of an answer have left, and would cut it off by closing its connection: so nobody must
   * have been there for a moment.
   */
  private void seeOff(Leaving leaving) {
    leaving.begin();
    long deadline = System.nanoTime() + limits.requests().toNanos();
    long emptySince = System.nanoTime();
    while (System.nanoTime() - emptySince < LAST_BYTES.toNanos() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
      if (!leaving.isEmpty()) {
        emptySince = System.nanoTime();
      }
    }
  }

  private CompletionStage<Done> becomeNotReady() {
    begun = true;
    return new CompletableFuture<Done>()
        .completeOnTimeout(Done.getInstance(), limits.delay().toMillis(), TimeUnit.MILLISECONDS);
  }
}
