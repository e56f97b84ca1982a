package dev.parley.projection.clickhouse;

import dev.parley.journal.JournalFeed;
import dev.parley.projection.ProjectionSession;
import dev.parley.projection.activity.FeedProjection;
import java.time.Duration;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.projection.jdbc.javadsl.JdbcProjection;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the tables of ClickHouse in step with the journal. The offset is stored behind the rows, so
 * that a batch may be written again, and collapses: a row of a session is known by its version, a
 * row of an event by the event.
 */
public final class ClickHouseProjection {
  /** The name under which offsets are stored, in PostgreSQL; the key is the slice. */
  public static final String NAME = "clickhouse";

  private ClickHouseProjection() {}

  /**
   * Runs the projection on the nodes of the cluster. To be called once on each node.
   *
   * @param dataSource of PostgreSQL, where rows of sessions are taken from and offsets are kept
   * @param executor runs blocking queries
   * @param pause between two writes of a slice
   * @param retention how long events are kept; null for ever
   */
  public static void start(
      ActorSystem<?> system,
      ClickHouse clickHouse,
      DataSource dataSource,
      Executor executor,
      JournalFeed feed,
      Duration pause,
      @Nullable Duration retention) {
    ClickHouseSchema schema = new ClickHouseSchema(clickHouse, retention);
    SharedInserts inserts = new SharedInserts(clickHouse, Duration.ofSeconds(30));
    FeedProjection.start(
        system,
        NAME,
        slice ->
            JdbcProjection.atLeastOnceAsync(
                    FeedProjection.id(NAME, slice),
                    FeedProjection.source(system, feed, slice, pause),
                    () -> ProjectionSession.open(dataSource),
                    () ->
                        new ClickHouseHandler(
                            system, clickHouse, inserts, schema, dataSource, executor),
                    system)
                .withSaveOffset(1, Duration.ZERO)
                .withRestartBackoff(
                    FeedProjection.MIN_BACKOFF,
                    FeedProjection.MAX_BACKOFF,
                    FeedProjection.BACKOFF_JITTER));
  }
}
