package dev.parley.journal;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.LongStream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.jdbc.config.ReadJournalConfig;
import org.apache.pekko.persistence.jdbc.query.dao.DefaultReadJournalDao;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Source;
import scala.Tuple3;
import scala.collection.immutable.Set;
import scala.collection.immutable.Set$;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.jdk.javaapi.FutureConverters;
import scala.util.Success;
import scala.util.Try;
import slick.jdbc.JdbcBackend.JdbcDatabaseDef;
import slick.jdbc.JdbcProfile;

/**
 * The read side of the journal, with the order of its events taken from {@link JournalFrontier}.
 * The original reads the number of every event ever stored, takes what is missing for a while for
 * rolled back, and so must be either slow or unsafe. Named in {@code projection.conf}.
 */
public final class SettledReadJournalDao extends DefaultReadJournalDao {
  private final JdbcDatabaseDef database;
  private final Serialization serialization;
  private final Executor blocking;
  private final JournalFrontier frontier = new JournalFrontier();

  /** Called by the plugin. */
  public SettledReadJournalDao(
      JdbcDatabaseDef database,
      JdbcProfile profile,
      ReadJournalConfig config,
      Serialization serialization,
      ExecutionContext executionContext,
      Materializer materializer) {
    super(database, profile, config, serialization, executionContext, materializer);
    this.database = database;
    this.serialization = serialization;
    this.blocking =
        materializer.system().dispatchers().lookup("pekko.actor.default-blocking-io-dispatcher");
  }

  /** The settled numbers above the offset, whether there are events with them or not. */
  @Override
  public org.apache.pekko.stream.scaladsl.Source<Object, NotUsed> journalSequence(
      long offset, long limit) {
    return Source.completionStage(settled())
        .mapConcat(end -> numbers(offset, Math.min(end, offset + limit)))
        .asScala();
  }

  /** The newest settled number. */
  @Override
  public Future<Object> maxJournalSequence() {
    return FutureConverters.asScala(settled().thenApply(Object.class::cast));
  }

  private static Iterable<Object> numbers(long after, long to) {
    return () -> LongStream.rangeClosed(after + 1, to).<Object>mapToObj(n -> n).iterator();
  }

  /**
   * The events with the tag above the offset, up to a settled number. One that can't be decoded
   * comes as {@link UndecodableEvent}: as a failure it would end every reading at the same place.
   */
  @Override
  public org.apache.pekko.stream.scaladsl.Source<
          Try<Tuple3<PersistentRepr, Set<String>, Object>>, NotUsed>
      eventsByTag(String tag, long offset, long maxOffset, long max) {
    return Source.completionStage(
            query(connection -> TaggedEvents.read(connection, tag, offset, maxOffset, max)))
        .mapConcat(rows -> rows)
        .map(this::event)
        .asScala();
  }

  private Try<Tuple3<PersistentRepr, Set<String>, Object>> event(TaggedEvents.Row row) {
    return new Success<>(
        new Tuple3<>(
            PersistentRepr.apply(
                    payload(row),
                    row.sequenceNumber(),
                    row.persistenceId(),
                    "",
                    false,
                    ActorRef.noSender(),
                    row.writer())
                .withTimestamp(row.writeTimestamp()),
            Set$.MODULE$.<String>empty(),
            row.ordering()));
  }

  private Object payload(TaggedEvents.Row row) {
    Try<Object> payload =
        serialization.deserialize(row.payload(), row.serializerId(), row.manifest());
    return payload.isSuccess()
        ? payload.get()
        : UndecodableEvent.of(row.manifest(), payload.failed().get());
  }

  private CompletableFuture<Long> settled() {
    return query(frontier::advance);
  }

  private interface Query<T> {
    T run(Connection connection) throws SQLException;
  }

  private <T> CompletableFuture<T> query(Query<T> query) {
    CompletableFuture<T> result = new CompletableFuture<>();
    blocking.execute(
        () -> {
          try (Connection connection = database.source().createConnection()) {
            result.complete(query.run(connection));
          } catch (SQLException | RuntimeException e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }
}
