package dev.parley;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The first entity of a kind that a node asks waits for its shard, perhaps longer than a question
 * is waited for; after this the others do not.
 */
final class FirstAnswer {
  private FirstAnswer() {}

  /**
   * Asks until there is an answer.
   *
   * @throws TimeoutException when there is none within the limit
   */
  static void await(Supplier<? extends CompletionStage<?>> question, Duration limit)
      throws InterruptedException, ExecutionException, TimeoutException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      try {
        question.get().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        return;
      } catch (ExecutionException e) {
        boolean late = e.getCause() instanceof TimeoutException;
        if (!late || System.nanoTime() > deadline) {
          throw e;
        }
      }
    }
  }
}
