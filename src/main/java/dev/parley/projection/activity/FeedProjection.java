package dev.parley.projection.activity;

import dev.parley.journal.JournalFeed;
import dev.parley.journal.JournalFeed.Batch;
import dev.parley.projection.FailureLog;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntFunction;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.ShardedDaemonProcessSettings;
import org.apache.pekko.cluster.sharding.typed.javadsl.ShardedDaemonProcess;
import org.apache.pekko.projection.Projection;
import org.apache.pekko.projection.ProjectionBehavior;
import org.apache.pekko.projection.ProjectionId;
import org.apache.pekko.projection.javadsl.SourceProvider;

/** A projection of every event of the journal, one slice at a time, spread over the cluster. */
public final class FeedProjection {
  /** The wait behind what failed grows from the first to the second, one fifth at random. */
  public static final Duration MIN_BACKOFF = Duration.ofMillis(500);

  public static final Duration MAX_BACKOFF = Duration.ofSeconds(3);
  public static final double BACKOFF_JITTER = 0.2;

  private FeedProjection() {}

  /** The name of a slice of a projection, under which its offset is stored. */
  public static ProjectionId id(String name, int slice) {
    return ProjectionId.of(name, Integer.toString(slice));
  }

  /**
   * The events of a slice, in batches.
   *
   * @param pause between two looks when the first one has found all there was
   */
  public static SourceProvider<Long, Batch> source(
      ActorSystem<?> system, JournalFeed feed, int slice, Duration pause) {
    return new JournalSource(system, feed, slice, pause);
  }

  /** Runs a projection on the nodes of the cluster. To be called once on each node. */
  public static void start(
      ActorSystem<?> system, String name, IntFunction<Projection<Batch>> projection) {
    FailureLog<Batch> failures = new FailureLog<>(name);
    ShardedDaemonProcess.get(system)
        .init(
            ProjectionBehavior.Command.class,
            name,
            JournalFeed.SLICES,
            slice ->
                ProjectionBehavior.create(projection.apply(slice).withStatusObserver(failures)),
            ShardedDaemonProcessSettings.create(system),
            Optional.of(ProjectionBehavior.stopMessage()));
  }
}
