package dev.parley.http.transfer;

import dev.parley.session.Channel;
import dev.parley.session.ChannelState;
import dev.parley.session.RestoredPiece;
import dev.parley.session.Session;
import dev.parley.session.StreamAppend;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes lines of the records of a session: consecutive records of one stream, as many as the bounds
 * allow, whatever commits they came in. So a copy of a copy has the same lines.
 */
final class Runs {
  static final int MAX_RECORDS = 500;
  static final int MAX_BYTES = 262_144;

  private final Map<Channel, Long> next = new HashMap<>();
  private final Map<Channel, Long> end = new HashMap<>();
  private final List<StreamAppend.Entry> open = new ArrayList<>();
  private @Nullable Channel channel;
  private long firstSeq;
  private long bytes;
  private long records;

  /**
   * @param portrait says where the streams begin and end
   */
  Runs(Session portrait) {
    for (Map.Entry<Channel, ChannelState> stream : portrait.channels().entrySet()) {
      next.put(stream.getKey(), stream.getValue().trimPoint());
      end.put(stream.getKey(), stream.getValue().nextSeq());
    }
  }

  /** How many records have been taken. */
  long records() {
    return records;
  }

  /** Takes what comes next and gives what is complete by that. */
  List<RestoredPiece> add(StreamAppend append) {
    List<RestoredPiece> complete = new ArrayList<>();
    long wanted = next.getOrDefault(append.channel(), Long.MAX_VALUE);
    long last = end.getOrDefault(append.channel(), 0L);
    for (int i = 0; i < append.records().size(); i++) {
      long seq = append.firstSeq() + i;
      if (seq < wanted || seq >= last) {
        continue;
      }
      if (seq > wanted) {
        complete.addAll(flush());
        complete.add(new RestoredPiece.Trimmed(append.channel(), seq));
      }
      complete.addAll(add(append.channel(), seq, append.records().get(i)));
      wanted = seq + 1;
      next.put(append.channel(), wanted);
    }
    return complete;
  }

  private List<RestoredPiece> add(Channel of, long seq, StreamAppend.Entry entry) {
    int size = entry.content().meteredSize();
    boolean goesOn = of.equals(channel) && open.size() < MAX_RECORDS && bytes + size <= MAX_BYTES;
    List<RestoredPiece> complete = goesOn ? List.of() : flush();
    if (open.isEmpty()) {
      channel = of;
      firstSeq = seq;
    }
    open.add(entry);
    bytes += size;
    records++;
    return complete;
  }

  /** What has gathered. */
  List<RestoredPiece> flush() {
    if (open.isEmpty() || channel == null) {
      return List.of();
    }
    StreamAppend run = new StreamAppend(channel, firstSeq, open, null);
    open.clear();
    channel = null;
    bytes = 0;
    return List.of(new RestoredPiece.Records(run));
  }

  /** The streams whose last records have not come, with where they end. */
  Map<Channel, Long> missing() {
    Map<Channel, Long> missing = new HashMap<>(end);
    missing.entrySet().removeIf(stream -> stream.getValue().equals(next.get(stream.getKey())));
    return missing;
  }
}
