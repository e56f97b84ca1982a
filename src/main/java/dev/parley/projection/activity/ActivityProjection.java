package dev.parley.projection.activity;

import dev.parley.journal.JournalFeed;
import dev.parley.projection.ProjectionSession;
import java.time.Clock;
import java.time.Duration;
import javax.sql.DataSource;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.projection.jdbc.javadsl.JdbcProjection;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the tables {@code session_activity} and {@code session_turn} of PostgreSQL in step with the
 * journal, for installations without ClickHouse. Sums and the offset behind them are committed
 * together, so every event counts exactly once.
 */
public final class ActivityProjection {
  /** The name under which offsets are stored; the key is the slice. */
  public static final String NAME = "session-activity";

  private ActivityProjection() {}

  /**
   * Runs the projection on the nodes of the cluster. To be called once on each node.
   *
   * @param dataSource a pool; each slice takes one connection at a time
   * @param pause between two writes of a slice
   * @param retention how long sums are kept; null for ever
   */
  public static void start(
      ActorSystem<?> system,
      DataSource dataSource,
      JournalFeed feed,
      Duration pause,
      @Nullable Duration retention) {
    FeedProjection.start(
        system,
        NAME,
        slice ->
            JdbcProjection.exactlyOnce(
                    FeedProjection.id(NAME, slice),
                    FeedProjection.source(system, feed, slice, pause),
                    () -> ProjectionSession.open(dataSource),
                    () ->
                        new ActivityHandler(Integer.toString(slice), retention, Clock.systemUTC()),
                    system)
                .withRestartBackoff(
                    FeedProjection.MIN_BACKOFF,
                    FeedProjection.MAX_BACKOFF,
                    FeedProjection.BACKOFF_JITTER));
  }
}
