package dev.parley.entity;

import dev.parley.session.Session;
import dev.parley.session.SessionEvent;
import dev.parley.session.StreamAppend;

/**
 * Decides when the next snapshot is due: often enough that recovery reads little, seldom enough
 * that a large memory of part ids is not written over and over.
 */
final class SnapshotPace {
  /**
   * A snapshot writes all part ids again, so this many are worth one event that is not replayed.
   */
  private static final int PART_IDS_PER_EVENT = 2;

  /** Likewise for bytes: about eight times what the part ids themselves take. */
  private static final int BYTES_PER_PART_ID = 192;

  private final int events;
  private final long bytes;
  private long eventsSince;
  private long bytesSince;

  SnapshotPace(int events, long bytes) {
    this.events = events;
    this.bytes = bytes;
  }

  void reset() {
    eventsSince = 0;
    bytesSince = 0;
  }

  /** Counts the event and says whether the state after it should be kept. */
  boolean isDue(Session session, SessionEvent event) {
    eventsSince++;
    bytesSince += size(event);
    long remembered =
        session.channels().values().stream().mapToLong(channel -> channel.partIds().size()).sum();
    boolean due =
        eventsSince >= Math.max(events, remembered / PART_IDS_PER_EVENT)
            || bytesSince >= Math.max(bytes, remembered * BYTES_PER_PART_ID);
    if (due) {
      reset();
    }
    return due;
  }

  private static long size(SessionEvent event) {
    return event instanceof SessionEvent.RecordsAppended appended
        ? appended.appends().stream().mapToLong(StreamAppend::meteredSize).sum()
        : 0;
  }
}
