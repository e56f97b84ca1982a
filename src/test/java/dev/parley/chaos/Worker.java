package dev.parley.chaos;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** A client of its own thread, with what all of them need. */
abstract class Worker extends Thread {
  private static final Duration AFTER_FAILURE = Duration.ofMillis(50);

  protected final Load load;
  protected final Random random;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private int node;
  private volatile boolean finishing;

  /**
   * What all clients share.
   *
   * @param aborted whether nobody is to try again what has failed
   */
  record Load(NodeClient http, Recorder recorder, long seed, AtomicBoolean aborted) {}

  /** Ends a worker in the middle of what it repeats until it succeeds. */
  private static final class Aborted extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  Worker(Load load, String name) {
    super(name);
    this.load = load;
    this.random = new Random(load.seed() * 31 + name.hashCode());
    this.node = random.nextInt(load.http().nodes());
    setDaemon(true);
    setUncaughtExceptionHandler(
        (thread, thrown) -> failure.set(thrown instanceof Aborted ? null : thrown));
  }

  /** The node that is asked now; now and then another one. */
  int node() {
    if (random.nextInt(50) == 0) {
      nextNode();
    }
    return node;
  }

  /** Any node, whatever is known of it. */
  int anyNode() {
    return random.nextInt(load.http().nodes());
  }

  void nextNode() {
    node = (node + 1) % load.http().nodes();
  }

  /** Before the next try, elsewhere. */
  void afterFailure() {
    if (load.aborted().get()) {
      throw new Aborted();
    }
    nextNode();
    pause(AFTER_FAILURE);
  }

  void pause(Duration duration) {
    LockSupport.parkNanos(duration.toNanos());
  }

  /** Between the bounds in milliseconds. */
  void pauseBetween(int least, int most) {
    pause(Duration.ofMillis(least + random.nextInt(most - least)));
  }

  /** Asks it to end soon. */
  void finish() {
    finishing = true;
  }

  boolean isFinishing() {
    return finishing;
  }

  /**
   * Waits for its end.
   *
   * @throws IllegalStateException when it does not end in time, or ended by a failure of its own
   */
  void awaitEnd(Duration limit) throws InterruptedException {
    join(limit.toMillis());
    if (failure.get() != null) {
      throw new IllegalStateException(getName() + " failed", failure.get());
    }
    if (isAlive()) {
      IllegalStateException late = new IllegalStateException(getName() + " does not end");
      late.setStackTrace(getStackTrace());
      throw late;
    }
  }
}
