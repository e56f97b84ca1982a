package dev.parley.journal;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.LongStream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.persistence.jdbc.config.ReadJournalConfig;
import org.apache.pekko.persistence.jdbc.query.dao.DefaultReadJournalDao;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Source;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.jdk.javaapi.FutureConverters;
import slick.jdbc.JdbcBackend.JdbcDatabaseDef;
import slick.jdbc.JdbcProfile;

/**
 * The read side of the journal, with the order of its events taken from {@link JournalFrontier}.
 * The original reads the number of every event ever stored, takes what is missing for a while for
 * rolled back, and so must be either slow or unsafe. Named in {@code projection.conf}.
 */
public final class SettledReadJournalDao extends DefaultReadJournalDao {
  private final JdbcDatabaseDef database;
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

  private CompletableFuture<Long> settled() {
    CompletableFuture<Long> result = new CompletableFuture<>();
    blocking.execute(
        () -> {
          try (Connection connection = database.source().createConnection()) {
            result.complete(frontier.advance(connection));
          } catch (SQLException | RuntimeException e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }
}
