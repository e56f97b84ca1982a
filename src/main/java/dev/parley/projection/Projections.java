package dev.parley.projection;

import dev.parley.journal.ConnectionWork;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import javax.sql.DataSource;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.projection.ProjectionId;
import org.apache.pekko.projection.javadsl.ProjectionManagement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The projections of this installation: how far they are, and how they are paused, resumed and
 * rebuilt. What is done holds in the whole cluster and behind a restart. While the index stands
 * still, what is written to ClickHouse does too, since it takes the rows of sessions from there.
 */
public final class Projections {
  private static final Logger log = LoggerFactory.getLogger(Projections.class);

  private final DataSource dataSource;
  private final Executor executor;
  private final List<ProjectionDefinition> definitions;
  private final Clock clock;
  private final ProjectionManagement management;

  /**
   * @param executor runs the blocking queries
   * @param clock by which lag is told; that of the machine, as of those who write the journal
   */
  public Projections(
      ActorSystem<?> system,
      DataSource dataSource,
      Executor executor,
      List<ProjectionDefinition> definitions,
      Clock clock) {
    this.dataSource = dataSource;
    this.executor = executor;
    this.definitions = List.copyOf(definitions);
    this.clock = clock;
    this.management = ProjectionManagement.get(system);
  }

  /** What they are called, the index first. */
  public List<String> names() {
    return definitions.stream().map(ProjectionDefinition::name).toList();
  }

  /** All of them. Fails with {@link SQLException} when the database does. */
  public CompletionStage<List<ProjectionStatus>> status() {
    return status(definitions);
  }

  /**
   * One of them. Fails with {@link SQLException} when the database does.
   *
   * @throws IllegalArgumentException when there is none of the name, as of the following
   */
  public CompletionStage<ProjectionStatus> status(String name) {
    return status(List.of(named(name))).thenApply(found -> found.get(0));
  }

  /**
   * Lets it stand still, until it is resumed. Done behind its last commit. Fails with {@link
   * TimeoutException} when its slices do not answer; then some may be paused.
   */
  public CompletionStage<Void> pause(String name) {
    return eachSlice(named(name), management::pause);
  }

  /** Lets it go on where it was paused. Fails as {@link #pause}. */
  public CompletionStage<Void> resume(String name) {
    return eachSlice(named(name), management::resume);
  }

  /**
   * Has it apply all events again from the beginning of the journal; it runs then, even if it was
   * paused. Done when it has begun, see {@link ProjectionStatus#lag} for the rest.
   *
   * <p>Rows of sessions stay and are listed meanwhile, though one may show what it was like before;
   * so do the rows of ClickHouse. Figures out of sums in PostgreSQL begin at nothing, and are
   * incomplete until all has been applied. Events that were parked are tried again.
   *
   * <p>Fails with {@link RebuildRefused} or {@link SQLException} when nothing was changed, else as
   * {@link #pause}. Should this node die meanwhile, the projection may stay paused; it is whole,
   * and can be resumed or rebuilt.
   */
  public CompletionStage<Void> rebuild(String name) {
    ProjectionDefinition projection = named(name);
    return pause(name)
        .thenCompose(
            paused ->
                ConnectionWork.<Void>on(
                    executor,
                    dataSource,
                    connection -> {
                      RebuildStep.run(connection, projection);
                      log.info("Projection {} begins again with the first event", name);
                      return null;
                    }))
        .handle((begun, failure) -> resumed(name, failure))
        .thenCompose(next -> next);
  }

  /** Whatever has happened before; a failure of that is the one that is told. */
  private CompletionStage<Void> resumed(String name, @Nullable Throwable failure) {
    CompletionStage<Void> resumed = resume(name);
    if (failure == null) {
      return resumed;
    }
    CompletionStage<Void> failed = CompletableFuture.failedFuture(cause(failure));
    return resumed.handle((done, another) -> failed).thenCompose(told -> told);
  }

  private CompletionStage<List<ProjectionStatus>> status(List<ProjectionDefinition> wanted) {
    return ConnectionWork.on(
        executor,
        dataSource,
        connection -> {
          Instant now = clock.instant();
          List<ProjectionStatus> found = new ArrayList<>();
          for (ProjectionDefinition definition : wanted) {
            found.add(ProgressQuery.read(connection, definition, now));
          }
          return found;
        });
  }

  private CompletionStage<Void> eachSlice(
      ProjectionDefinition projection, Function<ProjectionId, CompletionStage<Done>> operation) {
    return CompletableFuture.allOf(
        projection.keys().stream()
            .map(key -> ProjectionId.of(projection.name(), key))
            .map(id -> twice(operation, id))
            .toArray(CompletableFuture[]::new));
  }

  /**
   * Behind a failure a slice answers only at the end of its pause, which can be as long as Pekko
   * waits for it.
   */
  private static CompletableFuture<Done> twice(
      Function<ProjectionId, CompletionStage<Done>> operation, ProjectionId id) {
    return operation
        .apply(id)
        .toCompletableFuture()
        .exceptionallyCompose(
            failure ->
                cause(failure) instanceof TimeoutException
                    ? operation.apply(id)
                    : CompletableFuture.failedFuture(failure));
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private ProjectionDefinition named(String name) {
    return definitions.stream()
        .filter(definition -> definition.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no projection '" + name + "', there are " + String.join(", ", names())));
  }
}
