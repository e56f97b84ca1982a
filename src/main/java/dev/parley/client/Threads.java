package dev.parley.client;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads that end when they have had nothing to do for a minute, and keep no process alive. */
final class Threads {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private Threads() {}

  static Executor create() {
    return Executors.newCachedThreadPool(
        work -> {
          Thread thread = new Thread(work, "parley-client-" + COUNT.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }
}
