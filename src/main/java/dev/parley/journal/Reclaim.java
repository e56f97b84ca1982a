package dev.parley.journal;

import dev.parley.session.Channel;
import dev.parley.session.ChannelState;
import dev.parley.session.Session;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a completed snapshot makes useless: older snapshots, and the trimmed records in the events
 * it covers, since recovery begins behind them.
 *
 * @param version the sequence number of the snapshot
 * @param trims the streams of which something is to go
 */
public record Reclaim(String persistenceId, long version, List<Trim> trims) {
  /**
   * @param trimPoint the first surviving record
   * @param fromVersion no event before it holds a record that is to go
   * @param toVersion no event after it does
   */
  public record Trim(Channel channel, long trimPoint, long fromVersion, long toVersion) {}

  /** Consecutive events, both ends included. */
  record Range(long fromVersion, long toVersion) {}

  public Reclaim {
    trims = List.copyOf(trims);
  }

  /**
   * @param snapshot the state that was kept
   * @param reclaimedTo how far each stream was relieved of its records before
   */
  public static Reclaim of(String persistenceId, Session snapshot, Map<Channel, Long> reclaimedTo) {
    List<Trim> trims = new ArrayList<>();
    snapshot
        .channels()
        .forEach(
            (channel, state) -> {
              long from = reclaimedTo.getOrDefault(channel, 0L);
              if (from < state.trimPoint()) {
                trims.add(trim(channel, state, from, snapshot.version()));
              }
            });
    return new Reclaim(persistenceId, snapshot.version(), trims);
  }

  private static Trim trim(Channel channel, ChannelState state, long fromSeq, long version) {
    return new Trim(
        channel,
        state.trimPoint(),
        state.index().versionAtOrBefore(fromSeq),
        Math.min(version, state.index().versionAtOrAfter(state.trimPoint())));
  }

  /** The first surviving record of each stream. */
  public Map<Channel, Long> trimPoints() {
    return trims.stream().collect(Collectors.toMap(Trim::channel, Trim::trimPoint));
  }

  /** The events to look at, in order and each once. */
  List<Range> ranges() {
    List<Range> ranges = new ArrayList<>();
    trims.stream()
        .map(trim -> new Range(trim.fromVersion(), trim.toVersion()))
        .sorted(Comparator.comparingLong(Range::fromVersion))
        .forEach(
            next -> {
              Range last = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
              if (last == null || next.fromVersion() > last.toVersion() + 1) {
                ranges.add(next);
              } else if (next.toVersion() > last.toVersion()) {
                ranges.set(ranges.size() - 1, new Range(last.fromVersion(), next.toVersion()));
              }
            });
    return ranges;
  }
}
