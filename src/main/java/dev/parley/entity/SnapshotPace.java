package dev.parley.entity;

import dev.parley.session.PartIdWindow;
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

  void reset(Session session) {
    eventsSince = 0;
    bytesSince = 0;
  }

  /** Counts the event and says whether the state after it should be kept. */
  boolean isDue(Session session, SessionEvent event) {
    eventsSince++;
    bytesSince += size(event);
    long remembered =
        session.channels().values().stream()
            .map(channel -> channel.partIds())
            .mapToLong(PartIdWindow::size)
            .sum();
    boolean due =
        eventsSince >= Math.max(events, remembered / PART_IDS_PER_EVENT)
            || bytesSince >= Math.max(bytes, remembered * BYTES_PER_PART_ID);
    if (due) {
      reset(session);
    }
    return due;
  }

  private static long size(SessionEvent event) {
    long size = 0;
    if (event instanceof SessionEvent.RecordsAppended appended) {
      for (StreamAppend append : appended.appends()) {
        for (StreamAppend.Entry entry : append.records()) {
          size += entry.content().meteredSize();
        }
      }
    }
    return size;
  }
}
