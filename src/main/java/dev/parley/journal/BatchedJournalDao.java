package dev.parley.journal;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.persistence.jdbc.config.JournalConfig;
import org.apache.pekko.persistence.jdbc.journal.dao.DefaultJournalDao;
import org.apache.pekko.persistence.jdbc.journal.dao.JournalTables.JournalPekkoSerializationRow;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.stream.Materializer;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;
import scala.collection.immutable.Seq;
import scala.collection.immutable.Set;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;
import slick.dbio.DBIOAction;
import slick.jdbc.JdbcBackend.JdbcDatabaseDef;
import slick.jdbc.JdbcProfile;
import slick.jdbc.SimpleJdbcAction;

/**
 * The write side of the journal, with each batch written by {@link JournalBatch}. The original
 * writes a batch row by row as soon as one of its events has a tag, whosever it is. Named in {@code
 * application.conf}.
 */
public final class BatchedJournalDao extends DefaultJournalDao {
  private final JdbcDatabaseDef database;

  /** Called by the plugin. */
  public BatchedJournalDao(
      JdbcDatabaseDef database,
      JdbcProfile profile,
      JournalConfig config,
      Serialization serialization,
      ExecutionContext executionContext,
      Materializer materializer) {
    super(database, profile, config, serialization, executionContext, materializer);
    this.database = database;
  }

  @Override
  public Future<BoxedUnit> writeJournalRows(
      Seq<Tuple2<JournalPekkoSerializationRow, Set<String>>> batch) {
    List<JournalBatch.Row> rows = new ArrayList<>(batch.size());
    CollectionConverters.asJava(batch).forEach(event -> rows.add(row(event._1(), event._2())));
    return run(
        new SimpleJdbcAction<>(
            context -> {
              try {
                JournalBatch.write(context.connection(), rows);
                return BoxedUnit.UNIT;
              } catch (SQLException e) {
                throw new DatabaseException("Can't write to the journal", e);
              }
            }));
  }

  /** Java has no name for the type that Scala gives to an action without demands. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  private <T> Future<T> run(SimpleJdbcAction<T> action) {
    return database.run((DBIOAction) action);
  }

  private static JournalBatch.Row row(JournalPekkoSerializationRow row, Set<String> tags) {
    if (row.metaPayload().isDefined()) {
      throw new IllegalArgumentException(
          "event %d of %s has metadata, for which there is no column here"
              .formatted(row.sequenceNumber(), row.persistenceId()));
    }
    return new JournalBatch.Row(
        row.persistenceId(),
        row.sequenceNumber(),
        row.writer(),
        row.writeTimestamp(),
        row.eventSerId(),
        row.eventSerManifest(),
        row.eventPayload(),
        summary(row),
        CollectionConverters.asJava(tags));
  }

  private static byte @Nullable [] summary(JournalPekkoSerializationRow row) {
    boolean records =
        row.eventSerId() == JournalSerializer.IDENTIFIER
            && row.eventSerManifest().equals(EventCodec.RECORDS_APPENDED);
    return records ? StreamSummary.summarize(row.eventPayload()) : null;
  }
}
