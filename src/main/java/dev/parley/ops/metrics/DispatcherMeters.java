package dev.parley.ops.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.dispatch.ExecutionContexts;

/**
 * How long work waits for a thread. A task that does nothing is given to each dispatcher once in a
 * while, and timed until it runs.
 */
public final class DispatcherMeters {
  private static final Duration EVERY = Duration.ofSeconds(1);

  private static final Duration[] DELAYS = {
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(20),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(2)
  };

  private DispatcherMeters() {}

  /** Watches them from now on, until the system ends. */
  public static void watch(ActorSystem<?> system, MeterRegistry registry) {
    probe(system, "actors", DispatcherSelector.defaultDispatcher(), registry);
    probe(
        system,
        "jdbc",
        DispatcherSelector.fromConfig("pekko.actor.parley-jdbc-dispatcher"),
        registry);
  }

  private static void probe(
      ActorSystem<?> system, String name, DispatcherSelector selector, MeterRegistry registry) {
    Timer delay =
        Timer.builder("parley.dispatcher.delay")
            .tag("dispatcher", name)
            .serviceLevelObjectives(DELAYS)
            .register(registry);
    Executor dispatcher = system.dispatchers().lookup(selector);
    system
        .scheduler()
        .scheduleWithFixedDelay(
            EVERY,
            EVERY,
            () -> {
              long given = System.nanoTime();
              dispatcher.execute(
                  () -> delay.record(System.nanoTime() - given, TimeUnit.NANOSECONDS));
            },
            ExecutionContexts.fromExecutor(Runnable::run));
  }
}
