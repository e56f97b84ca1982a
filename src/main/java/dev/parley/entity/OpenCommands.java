package dev.parley.entity;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Commands that have no answer yet and may be sent twice: the session knows them by their part ids
 * and answers the second as the first.
 */
final class OpenCommands {
  /** A session that is in its place has answered by then. */
  private static final Duration LATE = Duration.ofMillis(500);

  private record Open(long since, Runnable again) {}

  private final LongSupplier nanoTime;
  private final Map<CompletionStage<?>, Open> open = new ConcurrentHashMap<>();

  /**
   * @param nanoTime of the monotonic clock
   */
  OpenCommands(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * A command is on its way.
   *
   * @param answer which it will have
   * @param again sends it once more
   */
  void add(CompletionStage<?> answer, Runnable again) {
    open.put(answer, new Open(nanoTime.getAsLong(), again));
  }

  /** A command has its answer, or nobody waits for it any more. Of others nothing is known. */
  void remove(CompletionStage<?> answer) {
    open.remove(answer);
  }

  /** Sends those once more that should have been answered long ago. */
  void sendLateAgain() {
    long now = nanoTime.getAsLong();
    for (Open one : open.values()) {
      if (now - one.since() >= LATE.toNanos()) {
        one.again().run();
      }
    }
  }
}
