package dev.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class FallbackCatalogTest {
  private static final Query QUERY = Queries.all("env", 10, Instant.EPOCH);
  private static final StatsQuery STATS =
      new StatsQuery(
          "env",
          Filter.ALL,
          StatsQuery.GroupBy.NONE,
          Instant.EPOCH,
          Instant.EPOCH.plusSeconds(60),
          Duration.ofMinutes(1),
          Instant.EPOCH);

  private final AtomicLong nanos = new AtomicLong();
  private final Scripted first = new Scripted(1);
  private final Scripted second = new Scripted(2);

  @Test
  void asks_the_first_as_long_as_it_answers() throws Exception {
    FallbackCatalog catalog = new FallbackCatalog(first, second, nanos::get);
    assertThat(count(catalog)).isEqualTo(1);
    assertThat(second.asked).isZero();
  }

  @Test
  void asks_the_second_and_leaves_the_first_alone_for_a_while_when_it_fails() throws Exception {
    FallbackCatalog catalog = new FallbackCatalog(first, second, nanos::get);
    first.answer = () -> CompletableFuture.failedFuture(new IllegalStateException("away"));
    assertThat(count(catalog)).isEqualTo(2);
    assertThat(count(catalog)).isEqualTo(2);
    assertThat(first.asked).isEqualTo(1);

    nanos.addAndGet(Duration.ofSeconds(4).toNanos());
    first.answer = () -> CompletableFuture.completedFuture(1L);
    assertThat(count(catalog)).isEqualTo(1);
    assertThat(count(catalog)).isEqualTo(1);
    assertThat(first.asked).isEqualTo(3);
  }

  @Test
  void does_not_wait_two_seconds_for_a_first_that_never_answers() throws Exception {
    FallbackCatalog catalog = new FallbackCatalog(first, second, nanos::get);
    first.answer = CompletableFuture::new;
    long start = System.nanoTime();
    assertThat(count(catalog)).isEqualTo(2);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void is_unavailable_without_a_second() {
    FallbackCatalog catalog = new FallbackCatalog(first, null, nanos::get);
    first.answer = () -> CompletableFuture.failedFuture(new IllegalStateException("away"));
    assertThatThrownBy(() -> count(catalog)).hasCauseInstanceOf(CatalogUnavailable.class);
  }

  @Test
  void has_figures_from_the_first_alone_and_does_not_hold_it_for_away_when_they_fail()
      throws Exception {
    FallbackCatalog catalog = new FallbackCatalog(first, second, nanos::get);
    assertThatThrownBy(() -> catalog.stats(STATS).toCompletableFuture().get(5, TimeUnit.SECONDS))
        .hasCauseInstanceOf(CatalogUnavailable.class);
    assertThat(count(catalog)).isEqualTo(1);
  }

  private static long count(SessionCatalog catalog) throws Exception {
    return catalog.count(QUERY).toCompletableFuture().get(5, TimeUnit.SECONDS);
  }

  /** Counts who asks, and has no figures. */
  private static final class Scripted implements SessionCatalog {
    private Supplier<CompletionStage<Long>> answer;
    private int asked;

    Scripted(long count) {
      this.answer = () -> CompletableFuture.completedFuture(count);
    }

    @Override
    public CompletionStage<Page> list(Query query) {
      return CompletableFuture.completedFuture(new Page(List.of(), null, null));
    }

    @Override
    public CompletionStage<Long> count(Query query) {
      asked++;
      return answer.get();
    }

    @Override
    public CompletionStage<Stats> stats(StatsQuery query) {
      return CompletableFuture.failedFuture(new IllegalStateException("none"));
    }
  }
}
