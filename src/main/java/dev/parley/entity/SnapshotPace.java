package dev.parley.entity;

import dev.parley.session.Channel;
import dev.parley.session.ChannelState;
import dev.parley.session.Session;
import dev.parley.session.SessionEvent;
import dev.parley.session.StreamAppend;
import java.util.HashMap;
import java.util.Map;

/**
 * Decides when the next snapshot is due: often enough that recovery reads little and trimmed
 * records give their space back soon, seldom enough that a large memory of part ids is not written
 * over and over. All is counted from the last snapshot on, whether the session slept in between or
 * not.
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
  private final long trimmedBytes;

  private long versionThen;
  private long bytesThen;
  private final Map<Channel, Long> trimPointsThen = new HashMap<>();

  /**
   * @param trimmedBytes metered size of trimmed records, about, that is worth a snapshot
   */
  SnapshotPace(int events, long bytes, long trimmedBytes) {
    this.events = events;
    this.bytes = bytes;
    this.trimmedBytes = trimmedBytes;
  }

  /** Before recovery: as long as none is found, there is no snapshot. */
  void reset() {
    versionThen = 0;
    bytesThen = 0;
    trimPointsThen.clear();
  }

  /** Counts from this state on. */
  void taken(Session session) {
    reset();
    versionThen = session.version();
    session
        .channels()
        .forEach(
            (channel, state) -> {
              bytesThen += state.bytes();
              if (state.trimPoint() > 0) {
                trimPointsThen.put(channel, state.trimPoint());
              }
            });
  }

  /**
   * Whether the state after the event should be kept. It goes on saying so until one is taken.
   *
   * @param before the state that the event is about to change
   */
  boolean isDue(Session before, SessionEvent event) {
    // What follows is cheap to say without the state after the event, but for a trim in it.
    boolean commands = hasCommand(event);
    Session session = commands ? before.apply(event) : before;
    long remembered = 0;
    long bytesNow = commands ? 0 : size(event);
    long trimmed = 0;
    for (Map.Entry<Channel, ChannelState> channel : session.channels().entrySet()) {
      ChannelState state = channel.getValue();
      remembered += state.partIds().size();
      bytesNow += state.bytes();
      trimmed += trimmedSince(channel.getKey(), state);
    }
    return before.version() + 1 - versionThen >= Math.max(events, remembered / PART_IDS_PER_EVENT)
        || bytesNow - bytesThen >= Math.max(bytes, remembered * BYTES_PER_PART_ID)
        || trimmed >= Math.max(trimmedBytes, remembered * BYTES_PER_PART_ID);
  }

  private static boolean hasCommand(SessionEvent event) {
    return event instanceof SessionEvent.RecordsAppended appended
        && appended.appends().stream()
            .flatMap(append -> append.records().stream())
            .anyMatch(entry -> entry.content().isCommand());
  }

  private static long size(SessionEvent event) {
    return event instanceof SessionEvent.RecordsAppended appended
        ? appended.appends().stream().mapToLong(StreamAppend::meteredSize).sum()
        : 0;
  }

  /** Sizes of single records are not in the state, so each counts as the average of its stream. */
  private long trimmedSince(Channel channel, ChannelState state) {
    if (state.trimPoint() == 0) {
      return 0;
    }
    long records = state.trimPoint() - trimPointsThen.getOrDefault(channel, 0L);
    return (long) ((double) state.bytes() / state.nextSeq() * records);
  }
}
