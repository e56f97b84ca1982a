package dev.parley.projection;

import dev.parley.journal.EventTags;
import dev.parley.session.SessionEvent;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.ShardedDaemonProcessSettings;
import org.apache.pekko.cluster.sharding.typed.javadsl.ShardedDaemonProcess;
import org.apache.pekko.persistence.jdbc.query.javadsl.JdbcReadJournal;
import org.apache.pekko.projection.Projection;
import org.apache.pekko.projection.ProjectionBehavior;
import org.apache.pekko.projection.ProjectionId;
import org.apache.pekko.projection.eventsourced.EventEnvelope;
import org.apache.pekko.projection.eventsourced.javadsl.EventSourcedProvider;
import org.apache.pekko.projection.jdbc.javadsl.JdbcProjection;
import org.jspecify.annotations.Nullable;

/**
 * Keeps {@code session_index} in step with the journal: one reader for each lifecycle tag, spread
 * over the cluster. Rows and the offset behind them are committed together, so every event is
 * applied exactly once; each row also knows its version, so applying events again changes nothing.
 */
public final class IndexProjection {
  /** The name under which offsets are stored; the key is the tag. */
  public static final String NAME = "session-index";

  private static final int GROUP_MAX_EVENTS = 500;
  private static final Duration GROUP_MAX_WAIT = Duration.ofMillis(20);
  private static final Duration MIN_BACKOFF = Duration.ofMillis(200);
  private static final Duration MAX_BACKOFF = Duration.ofSeconds(3);
  private static final double BACKOFF_JITTER = 0.2;

  private IndexProjection() {}

  /**
   * Runs the projection on the nodes of the cluster. To be called once on each node; settings stand
   * in {@code projection.conf}.
   *
   * @param dataSource a pool; each tag takes one connection at a time
   * @param retention how long a session stays behind its end; null for ever
   */
  public static void start(
      ActorSystem<?> system, DataSource dataSource, @Nullable Duration retention) {
    FailureLog<EventEnvelope<SessionEvent>> failures = new FailureLog<>(NAME);
    ShardedDaemonProcess.get(system)
        .init(
            ProjectionBehavior.Command.class,
            NAME,
            EventTags.LIFECYCLE.size(),
            slice ->
                ProjectionBehavior.create(
                    of(system, dataSource, EventTags.LIFECYCLE.get(slice), retention)
                        .withStatusObserver(failures)),
            ShardedDaemonProcessSettings.create(system),
            Optional.of(ProjectionBehavior.stopMessage()));
  }

  private static Projection<EventEnvelope<SessionEvent>> of(
      ActorSystem<?> system, DataSource dataSource, String tag, @Nullable Duration retention) {
    return JdbcProjection.groupedWithin(
            ProjectionId.of(NAME, tag),
            EventSourcedProvider.<SessionEvent>eventsByTag(
                system, JdbcReadJournal.Identifier(), tag),
            () -> ProjectionSession.open(dataSource),
            () -> new IndexHandler(retention),
            system)
        .withGroup(GROUP_MAX_EVENTS, GROUP_MAX_WAIT)
        .withRestartBackoff(MIN_BACKOFF, MAX_BACKOFF, BACKOFF_JITTER);
  }
}
