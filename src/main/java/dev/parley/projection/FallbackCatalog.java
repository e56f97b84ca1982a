package dev.parley.projection;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks one catalog, and another one while the first does not answer. Whoever asks waits for the
 * first one only once in a while: after a failure it is left alone for some seconds.
 */
public final class FallbackCatalog implements SessionCatalog {
  private static final Logger log = LoggerFactory.getLogger(FallbackCatalog.class);

  /** Together with a page of the other one less than two seconds. */
  private static final Duration LIMIT = Duration.ofMillis(1_500);

  /** Figures may take long without anything being wrong. */
  private static final Duration STATS_LIMIT = Duration.ofSeconds(15);

  private static final Duration LEFT_ALONE = Duration.ofSeconds(3);

  private final SessionCatalog first;
  private final @Nullable SessionCatalog second;
  private final LongSupplier nanoTime;

  /** Until when the first is left alone; 0 when it answers. */
  private final AtomicLong awayUntil = new AtomicLong();

  /**
   * @param second null: requests fail with {@link CatalogUnavailable} while the first does not
   *     answer
   */
  public FallbackCatalog(
      SessionCatalog first, @Nullable SessionCatalog second, LongSupplier nanoTime) {
    this.first = first;
    this.second = second;
    this.nanoTime = nanoTime;
  }

  @Override
  public CompletionStage<Page> list(Query query) {
    return ask(catalog -> catalog.list(query), LIMIT, second);
  }

  @Override
  public CompletionStage<Long> count(Query query) {
    return ask(catalog -> catalog.count(query), LIMIT, second);
  }

  /** Only the first one knows what has happened while it was there. */
  @Override
  public CompletionStage<Stats> stats(StatsQuery query) {
    return ask(catalog -> catalog.stats(query), STATS_LIMIT, null);
  }

  private <T> CompletionStage<T> ask(
      Function<SessionCatalog, CompletionStage<T>> question,
      Duration limit,
      @Nullable SessionCatalog other) {
    long until = awayUntil.get();
    if (until != 0 && until - nanoTime.getAsLong() > 0) {
      return askOther(question, other, new IllegalStateException("it did not answer before"));
    }
    return question
        .apply(first)
        .toCompletableFuture()
        .copy()
        .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
        .handle(
            (answer, failure) -> {
              if (failure == null) {
                back();
                return CompletableFuture.completedFuture(answer);
              }
              if (limit == LIMIT) {
                away(failure);
              }
              return askOther(question, other, failure).toCompletableFuture();
            })
        .thenCompose(answer -> answer);
  }

  private static <T> CompletionStage<T> askOther(
      Function<SessionCatalog, CompletionStage<T>> question,
      @Nullable SessionCatalog other,
      Throwable why) {
    return other == null
        ? CompletableFuture.failedFuture(new CatalogUnavailable(why))
        : question.apply(other);
  }

  private void away(Throwable failure) {
    long until = nanoTime.getAsLong() + LEFT_ALONE.toNanos();
    if (awayUntil.getAndSet(until == 0 ? 1 : until) == 0) {
      Throwable cause = failure.getCause() == null ? failure : failure.getCause();
      log.warn(
          "The catalog of sessions does not answer, {}: {}",
          second == null ? "requests are refused" : "another one is asked",
          cause.toString());
    }
  }

  private void back() {
    if (awayUntil.getAndSet(0) != 0) {
      log.info("The catalog of sessions answers again");
    }
  }
}
