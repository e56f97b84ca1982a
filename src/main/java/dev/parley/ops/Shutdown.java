package dev.parley.ops;

import dev.parley.entity.Leaving;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
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
   * @param delay from not being ready to taking no more connections
   * @param requests for requests under way; what is left is cut off
   */
  public record Limits(Duration delay, Duration requests) {}

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
        () -> {
          leaving.begin();
          return binding.terminate(limits.requests()).thenApply(ended -> Done.getInstance());
        });
  }

  private CompletionStage<Done> becomeNotReady() {
    begun = true;
    return new CompletableFuture<Done>()
        .completeOnTimeout(Done.getInstance(), limits.delay().toMillis(), TimeUnit.MILLISECONDS);
  }
}
