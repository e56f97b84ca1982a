package dev.parley.projection.clickhouse;

import dev.parley.journal.ConnectionWork;
import dev.parley.journal.JournalFeed;
import dev.parley.journal.JournalFeed.Batch;
import dev.parley.projection.CatalogRow;
import dev.parley.projection.IndexPosition;
import dev.parley.projection.IndexRows;
import dev.parley.projection.ParkedEvents;
import dev.parley.session.SessionId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.projection.javadsl.Handler;

/**
 * Writes batches of one slice to ClickHouse. When it is away the projection begins again from the
 * last offset, for as long as it takes. When it is the data that ClickHouse refuses, the batch is
 * halved until the event stands alone that can't be written; that is tried a few times more, then
 * parked.
 */
final class ClickHouseHandler extends Handler<Batch> {
  private static final int TRIES = 5;
  private static final Duration TRY_PAUSE = Duration.ofMillis(200);

  /** The index follows the journal by a fraction of a second. */
  private static final Duration INDEX_PAUSE = Duration.ofMillis(20);

  private static final int INDEX_LOOKS = 500;

  private final ActorSystem<?> system;
  private final ClickHouseSchema schema;
  private final ClickHouseTables tables;
  private final DataSource dataSource;
  private final Executor executor;

  ClickHouseHandler(
      ActorSystem<?> system,
      ClickHouse clickHouse,
      SharedInserts inserts,
      ClickHouseSchema schema,
      DataSource dataSource,
      Executor executor) {
    this.system = system;
    this.schema = schema;
    this.tables = new ClickHouseTables(clickHouse, inserts);
    this.dataSource = dataSource;
    this.executor = executor;
  }

  @Override
  public CompletionStage<Done> start() {
    return schema.ensure().thenApply(ready -> Done.getInstance());
  }

  @Override
  public CompletionStage<Done> process(Batch batch) {
    return write(batch.rows(), 1);
  }

  private CompletionStage<Done> write(List<JournalFeed.Row> rows, int attempt) {
    if (rows.isEmpty()) {
      return done();
    }
    return attempt(rows)
        .handle((done, failure) -> failure == null ? done() : failed(rows, attempt, failure))
        .thenCompose(next -> next);
  }

  private CompletionStage<Done> attempt(List<JournalFeed.Row> rows) {
    try {
      Changes changes = Changes.of(rows);
      return current(changes, INDEX_LOOKS)
          .thenCompose(current -> tables.write(changes, current))
          .thenApply(written -> Done.getInstance());
    } catch (IllegalArgumentException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletionStage<Done> failed(List<JournalFeed.Row> rows, int attempt, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    boolean refused =
        cause instanceof IllegalArgumentException
            || (cause instanceof ClickHouseException answer && answer.isRefusedValue());
    if (!refused) {
      return CompletableFuture.failedFuture(cause);
    }
    if (rows.size() > 1) {
      int half = rows.size() / 2;
      return write(rows.subList(0, half), 1)
          .thenCompose(done -> write(rows.subList(half, rows.size()), 1));
    }
    if (attempt < TRIES) {
      return later(TRY_PAUSE.multipliedBy(attempt), () -> write(rows, attempt + 1));
    }
    return ConnectionWork.on(
        executor,
        dataSource,
        connection -> {
          ParkedEvents.park(connection, ClickHouseProjection.NAME, rows.get(0), cause);
          return Done.getInstance();
        });
  }

  /** The rows of the changed sessions, at least as new as the changes. */
  private CompletionStage<Map<SessionId, CatalogRow>> current(Changes changes, int looks) {
    Set<SessionId> sessions = changes.sessions();
    return ConnectionWork.on(
            executor,
            dataSource,
            connection ->
                IndexPosition.covers(connection, changes.life())
                    ? IndexRows.find(connection, sessions)
                    : null)
        .thenCompose(
            rows -> {
              if (rows != null) {
                return CompletableFuture.completedFuture(rows);
              }
              return looks > 0
                  ? later(INDEX_PAUSE, () -> current(changes, looks - 1))
                  : CompletableFuture.failedFuture(
                      new IllegalStateException("the index does not follow the journal"));
            });
  }

  /** Its result must not be null: Pekko takes that for none. */
  private <T> CompletionStage<T> later(
      Duration pause, java.util.concurrent.Callable<CompletionStage<T>> then) {
    return Patterns.after(pause, system.classicSystem(), then);
  }

  private static CompletionStage<Done> done() {
    return CompletableFuture.completedFuture(Done.getInstance());
  }
}
