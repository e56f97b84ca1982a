package dev.parley;

import dev.parley.entity.Sessions;
import dev.parley.session.Channel;
import dev.parley.session.SessionId;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The first session of a node waits for its shard; after this the others do not. */
final class FirstSession {
  private FirstSession() {}

  /**
   * Returns when a session answers.
   *
   * @throws TimeoutException when none does within the limit
   */
  static void await(Sessions sessions, String environmentId, Duration limit)
      throws InterruptedException, ExecutionException, TimeoutException {
    SessionId probe = SessionId.random(environmentId);
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      try {
        sessions
            .inspect(probe, Channel.IN)
            .toCompletableFuture()
            .get(limit.toMillis(), TimeUnit.MILLISECONDS);
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
