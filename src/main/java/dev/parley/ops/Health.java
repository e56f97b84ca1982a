package dev.parley.ops;

import dev.parley.journal.ConnectionWork;
import dev.parley.projection.ProjectionStatus;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether what the server can't do without is there. Everybody may ask, so there is one look
 * at a time, and whoever asks meanwhile gets what it finds.
 */
public final class Health implements Supplier<CompletionStage<Health.Report>> {
  private static final Duration DATABASE_LIMIT = Duration.ofSeconds(2);
  private static final Duration SHARDING_LIMIT = Duration.ofSeconds(2);
  private static final Duration CLICKHOUSE_LIMIT = Duration.ofSeconds(1);

  /** Longer than the limits of what is asked, so what is late is told by whoever was asked. */
  private static final Duration DETAIL_LIMIT = DATABASE_LIMIT;

  /** Asks for a sign of life; fails when there is none within the limit. */
  public interface Ping {
    CompletionStage<Void> within(Duration limit);
  }

  /**
   * What a look has found.
   *
   * @param failing what requests can't be served without: {@code journal} (PostgreSQL does not
   *     answer in time), {@code cluster} (this node is no member), {@code sharding} (the database
   *     is there, and what lives in a shard does not answer)
   * @param projections how far they are; null when nobody can say
   * @param clickHouse whether ClickHouse answers in time; null when there is none to be
   */
  public record Report(
      List<String> failing,
      @Nullable List<ProjectionStatus> projections,
      @Nullable Boolean clickHouse) {}

  private final DataSource dataSource;
  private final Executor executor;
  private final BooleanSupplier member;
  private final Supplier<CompletionStage<Void>> sharding;
  private final Supplier<CompletionStage<List<ProjectionStatus>>> projections;
  private final @Nullable Ping clickHouse;
  private final AtomicReference<@Nullable CompletableFuture<Report>> underWay =
      new AtomicReference<>();

  /**
   * @param dataSource of PostgreSQL
   * @param executor runs the blocking queries
   * @param member whether this node is up in its cluster
   * @param sharding asks something that lives in a shard
   * @param clickHouse null when none is configured
   */
  public Health(
      DataSource dataSource,
      Executor executor,
      BooleanSupplier member,
      Supplier<CompletionStage<Void>> sharding,
      Supplier<CompletionStage<List<ProjectionStatus>>> projections,
      @Nullable Ping clickHouse) {
    this.dataSource = dataSource;
    this.executor = executor;
    this.member = member;
    this.sharding = sharding;
    this.projections = projections;
    this.clickHouse = clickHouse;
  }

  @Override
  public CompletionStage<Report> get() {
    CompletableFuture<Report> mine = new CompletableFuture<>();
    CompletableFuture<Report> other = underWay.compareAndExchange(null, mine);
    if (other != null) {
      return other.copy();
    }
    // Within a stage, so that what is thrown ends this look, too.
    CompletableFuture.completedFuture(null)
        .thenCompose(start -> look())
        .whenComplete(
            (report, failure) -> {
              underWay.set(null);
              if (failure == null) {
                mine.complete(report);
              } else {
                mine.completeExceptionally(failure);
              }
            });
    return mine.copy();
  }

  private CompletableFuture<Report> look() {
    CompletableFuture<Boolean> database = answers(database(), DATABASE_LIMIT);
    CompletableFuture<@Nullable List<ProjectionStatus>> positions =
        projections
            .get()
            .toCompletableFuture()
            .copy()
            .orTimeout(DETAIL_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
            .exceptionally(failure -> null);
    CompletableFuture<@Nullable Boolean> figures =
        clickHouse == null
            ? CompletableFuture.completedFuture(null)
            : answers(clickHouse.within(CLICKHOUSE_LIMIT), DETAIL_LIMIT);
    return database
        .thenCompose(this::failing)
        .thenCompose(
            failing ->
                positions.thenCombine(
                    figures,
                    (projections, figuresThere) -> new Report(failing, projections, figuresThere)));
  }

  private CompletableFuture<List<String>> failing(boolean databaseAnswers) {
    // What lives in a shard is read from the database and is not asked without it.
    CompletableFuture<Boolean> shardsAnswer =
        databaseAnswers
            ? answers(sharding.get(), SHARDING_LIMIT)
            : CompletableFuture.completedFuture(true);
    return shardsAnswer.thenApply(there -> failing(databaseAnswers, there));
  }

  private List<String> failing(boolean databaseAnswers, boolean shardsAnswer) {
    List<String> failing = new ArrayList<>();
    if (!databaseAnswers) {
      failing.add("journal");
    }
    if (!member.getAsBoolean()) {
      failing.add("cluster");
    }
    if (!shardsAnswer) {
      failing.add("sharding");
    }
    return failing;
  }

  private CompletionStage<Void> database() {
    return ConnectionWork.on(
        executor,
        dataSource,
        connection -> {
          try (Statement statement = connection.createStatement()) {
            statement.execute("select 1");
          }
          return null;
        });
  }

  private static CompletableFuture<Boolean> answers(
      CompletionStage<Void> question, Duration limit) {
    return question
        .toCompletableFuture()
        .copy()
        .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
        .handle((answer, failure) -> failure == null);
  }
}
