package dev.parley;

import dev.parley.journal.Database;
import dev.parley.journal.JournalFeed;
import dev.parley.ops.Health;
import dev.parley.projection.EndedSessions;
import dev.parley.projection.FallbackCatalog;
import dev.parley.projection.IndexProjection;
import dev.parley.projection.ProjectionDefinition;
import dev.parley.projection.Projections;
import dev.parley.projection.SessionCatalog;
import dev.parley.projection.SessionIndex;
import dev.parley.projection.SessionTraces;
import dev.parley.projection.activity.ActivityProjection;
import dev.parley.projection.clickhouse.ClickHouse;
import dev.parley.projection.clickhouse.ClickHouseCatalog;
import dev.parley.projection.clickhouse.ClickHouseProjection;
import dev.parley.projection.clickhouse.ClickHouseTraces;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;

/**
 * What is read across sessions, put together: the index, which is always kept, and figures, which
 * are in ClickHouse if there is one, else in PostgreSQL.
 *
 * @param catalog lists and figures
 * @param traces where something of a session may be stored
 * @param projections what keeps all that in step with the journal
 * @param clickHouse null when there is none
 */
record Catalogs(
    SessionCatalog catalog,
    SessionTraces traces,
    Projections projections,
    @Nullable ClickHouse clickHouse) {
  /**
   * Starts the projections of this node.
   *
   * @param clock that of the machine
   */
  static Catalogs start(
      ActorSystem<?> system, Settings settings, Database database, Executor jdbc, Clock clock) {
    DataSource dataSource = database.dataSource();
    Duration retention = settings.retention().orElse(null);
    IndexProjection.start(system, dataSource, retention);
    if (retention != null) {
      EndedSessions.schedule(dataSource, jdbc, retention);
    }
    ClickHouse clickHouse = settings.catalog().clickHouse().map(ClickHouse::new).orElse(null);
    Projections projections =
        new Projections(
            system,
            dataSource,
            jdbc,
            List.of(
                ProjectionDefinition.index(),
                clickHouse == null
                    ? ProjectionDefinition.ofSums(
                        ActivityProjection.NAME,
                        List.of("session_activity", "session_turn", "session_activity_position"))
                    : ProjectionDefinition.ofFeed(ClickHouseProjection.NAME)),
            clock);
    return clickHouse == null
        ? inPostgres(system, settings, dataSource, jdbc, retention, projections)
        : inClickHouse(system, settings, dataSource, jdbc, retention, projections, clickHouse);
  }

  private static Catalogs inPostgres(
      ActorSystem<?> system,
      Settings settings,
      DataSource dataSource,
      Executor jdbc,
      @Nullable Duration retention,
      Projections projections) {
    ActivityProjection.start(
        system,
        dataSource,
        new JournalFeed(dataSource, jdbc),
        settings.catalog().pause(),
        retention);
    return new Catalogs(
        new SessionIndex(dataSource, jdbc),
        new SessionTraces(
            dataSource, jdbc, (session, version) -> CompletableFuture.completedFuture(0L)),
        projections,
        null);
  }

  /** What looks whether all answer that this node works with. */
  Health health(
      DataSource dataSource,
      Executor jdbc,
      BooleanSupplier member,
      Supplier<CompletionStage<Void>> sharding) {
    return new Health(
        dataSource,
        jdbc,
        member,
        sharding,
        projections::status,
        clickHouse == null ? null : clickHouse::ping);
  }

  private static Catalogs inClickHouse(
      ActorSystem<?> system,
      Settings settings,
      DataSource dataSource,
      Executor jdbc,
      @Nullable Duration retention,
      Projections projections,
      ClickHouse clickHouse) {
    ClickHouseProjection.start(
        system,
        clickHouse,
        dataSource,
        jdbc,
        new JournalFeed(dataSource, jdbc),
        settings.catalog().pause(),
        retention);
    SessionCatalog index = new SessionIndex(dataSource, jdbc);
    return new Catalogs(
        new FallbackCatalog(
            new ClickHouseCatalog(clickHouse, dataSource, jdbc),
            settings.catalog().fallsBack() ? index : null,
            System::nanoTime),
        new SessionTraces(dataSource, jdbc, new ClickHouseTraces(clickHouse)),
        projections,
        clickHouse);
  }
}
