package dev.parley.client;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs tasks one after the other in the order in which they came, on threads of others. What only
 * tasks touch needs no lock. Tasks must not throw.
 */
final class Serial implements Executor {
  private final Executor threads;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();

  Serial(Executor threads) {
    this.threads = threads;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (waiting.getAndIncrement() == 0) {
      threads.execute(this::work);
    }
  }

  /** Runs the task among the others when the time has passed. */
  void executeAfter(Duration delay, Runnable task) {
    CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS, this).execute(task);
  }

  /** Whoever makes the count leave zero starts this, so that there is one at a time. */
  private void work() {
    do {
      tasks.remove().run();
    } while (waiting.decrementAndGet() > 0);
  }
}
