package dev.parley.auth;

import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Does the slow work of {@link Passwords} on threads of its own: a few at a time and a bounded
 * number waiting, so that a flood of logins takes neither the memory nor the processors from the
 * rest of the server.
 */
public final class PasswordWork implements AutoCloseable {
  private static final int MAX_WAITING = 64;

  private final Passwords passwords;
  private final ThreadPoolExecutor threads;

  /**
   * @param atOnce how many passwords are hashed at the same time, at least 1
   */
  public PasswordWork(Passwords passwords, int atOnce) {
    this.passwords = passwords;
    this.threads =
        new ThreadPoolExecutor(
            atOnce,
            atOnce,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            work -> {
              Thread thread = new Thread(work, "parley-passwords");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /** {@link Passwords#hash}; empty at once when too much is waiting already. */
  public Optional<CompletionStage<String>> hash(String password) {
    return start(() -> passwords.hash(password));
  }

  /** {@link Passwords#matches}; empty at once when too much is waiting already. */
  public Optional<CompletionStage<Boolean>> matches(String password, @Nullable String stored) {
    return start(() -> passwords.matches(password, stored));
  }

  private <T> Optional<CompletionStage<T>> start(Supplier<T> work) {
    try {
      return Optional.of(CompletableFuture.supplyAsync(work, threads));
    } catch (RejectedExecutionException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
