package dev.parley.projection.clickhouse;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Inserts together what the slices of a node bring at about the same time: to ClickHouse an insert
 * of a few rows is as much work as one of thousands. Each slice is told of its own rows.
 */
final class SharedInserts {
  /** How long the first waits for the others. */
  private static final Duration LINGER = Duration.ofMillis(30);

  private record Waiting(byte[] rows, CompletableFuture<Void> done) {}

  private final ClickHouse clickHouse;
  private final Duration limit;
  private final Map<String, List<Waiting>> gathered = new HashMap<>();
  private final Executor later =
      CompletableFuture.delayedExecutor(LINGER.toMillis(), TimeUnit.MILLISECONDS);

  SharedInserts(ClickHouse clickHouse, Duration limit) {
    this.clickHouse = clickHouse;
    this.limit = limit;
  }

  /** Inserts rows, each a JSON object on a line of its own. Fails for these rows' own sake only. */
  CompletionStage<Void> insert(String table, byte[] rows) {
    Waiting waiting = new Waiting(rows, new CompletableFuture<>());
    synchronized (gathered) {
      List<Waiting> others = gathered.computeIfAbsent(table, any -> new ArrayList<>());
      if (others.isEmpty()) {
        later.execute(() -> flush(table));
      }
      others.add(waiting);
    }
    return waiting.done();
  }

  private void flush(String table) {
    List<Waiting> all;
    synchronized (gathered) {
      all = gathered.remove(table);
    }
    ByteArrayOutputStream together = new ByteArrayOutputStream();
    all.forEach(waiting -> together.writeBytes(waiting.rows()));
    clickHouse
        .insert(table, together.toByteArray(), limit)
        .whenComplete(
            (done, failure) -> {
              if (failure != null && all.size() > 1 && isRefusal(failure)) {
                all.forEach(waiting -> alone(table, waiting));
              } else {
                all.forEach(waiting -> complete(waiting, failure));
              }
            });
  }

  private void alone(String table, Waiting waiting) {
    clickHouse
        .insert(table, waiting.rows(), limit)
        .whenComplete((done, failure) -> complete(waiting, failure));
  }

  private static void complete(Waiting waiting, @Nullable Throwable failure) {
    if (failure == null) {
      waiting.done().complete(null);
    } else {
      waiting.done().completeExceptionally(failure);
    }
  }

  private static boolean isRefusal(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof ClickHouseException answer && answer.isRefusedValue();
  }
}
