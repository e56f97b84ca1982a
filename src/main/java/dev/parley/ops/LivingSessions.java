package dev.parley.ops;

import dev.parley.auth.Environment;
import dev.parley.auth.Environments;
import dev.parley.projection.Filter;
import dev.parley.projection.Query;
import dev.parley.projection.SessionCatalog;
import dev.parley.session.SessionStatus;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Counts the living sessions of all tenants, in the whole cluster. */
public final class LivingSessions implements Supplier<CompletionStage<Long>> {
  private final Environments environments;
  private final SessionCatalog catalog;
  private final Clock clock;

  public LivingSessions(Environments environments, SessionCatalog catalog, Clock clock) {
    this.environments = environments;
    this.catalog = catalog;
    this.clock = clock;
  }

  @Override
  public CompletionStage<Long> get() {
    CompletionStage<Long> sum = CompletableFuture.completedFuture(0L);
    for (Environment environment : environments.all()) {
      sum = sum.thenCombine(catalog.count(living(environment.id())), Long::sum);
    }
    return sum;
  }

  private Query living(String environmentId) {
    return Query.counting(
        environmentId, Filter.ALL.with(Set.of(SessionStatus.ACTIVE)), clock.instant());
  }
}
