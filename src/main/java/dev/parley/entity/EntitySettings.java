package dev.parley.entity;

import com.typesafe.config.Config;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a session's actor behaves; keys under {@code parley.session}, explained in {@code
 * application.conf}.
 *
 * @param retention how long a session stays behind its end; null for ever
 */
public record EntitySettings(
    int groupMaxRecords,
    long groupMaxBytes,
    int pendingMaxCount,
    long pendingMaxBytes,
    long hotTailMaxBytes,
    Duration hotTailCoolDown,
    int snapshotEveryEvents,
    long snapshotEveryBytes,
    long snapshotEveryTrimmedBytes,
    Duration minBackoff,
    Duration maxBackoff,
    Duration askTimeout,
    int inFlightMaxCount,
    long inFlightMaxBytes,
    @Nullable Duration retention) {
  public static EntitySettings of(Config config) {
    return new EntitySettings(
        config.getInt("group-max-records"),
        config.getBytes("group-max-bytes"),
        config.getInt("pending-max-count"),
        config.getBytes("pending-max-bytes"),
        config.getBytes("hot-tail-max-bytes"),
        config.getDuration("hot-tail-cool-down"),
        config.getInt("snapshot-every-events"),
        config.getBytes("snapshot-every-bytes"),
        config.getBytes("snapshot-every-trimmed-bytes"),
        config.getDuration("min-backoff"),
        config.getDuration("max-backoff"),
        config.getDuration("ask-timeout"),
        config.getInt("in-flight-max-count"),
        config.getBytes("in-flight-max-bytes"),
        null);
  }

  /**
   * @param retention how long a session stays behind its end; null for ever
   */
  public EntitySettings with(@Nullable Duration retention) {
    return new EntitySettings(
        groupMaxRecords,
        groupMaxBytes,
        pendingMaxCount,
        pendingMaxBytes,
        hotTailMaxBytes,
        hotTailCoolDown,
        snapshotEveryEvents,
        snapshotEveryBytes,
        snapshotEveryTrimmedBytes,
        minBackoff,
        maxBackoff,
        askTimeout,
        inFlightMaxCount,
        inFlightMaxBytes,
        retention);
  }
}
