package dev.parley.session;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state of a session as it moves to another server: without its count of events, where its
 * records lie and which part ids it remembers. Records and part ids move beside it.
 */
public final class Portrait {
  /** Waitpoints beyond this size, in bytes, are left out: a portrait is one message. */
  static final int MAX_WAITPOINT_SIZE = 300_000;

  /** What ids, times and channels of a waitpoint take at most, about. */
  private static final int NUMBERS = 400;

  private Portrait() {}

  /** Of a whole session; the waitpoints that ended first are left out when there are too many. */
  public static Session of(Session session) {
    Map<Channel, ChannelState> streams = new HashMap<>();
    session.storedChannels().forEach((channel, state) -> streams.put(channel, bare(state)));
    return Session.restore(
        session.id(),
        session.info(),
        0,
        streams,
        Waitpoints.of(kept(List.copyOf(session.waitpoints().all()))),
        session.clockwork(),
        session.turns(),
        session.lastMessageAt());
  }

  private static ChannelState bare(ChannelState state) {
    return new ChannelState(
        state.nextSeq(),
        state.trimPoint(),
        state.fencingToken(),
        state.lastTimestamp(),
        state.settled(),
        state.newestSeq(),
        state.bytes(),
        SparseIndex.EMPTY,
        PartIdWindow.EMPTY,
        PartIdWindow.NO_BATCHES);
  }

  /** Those that wait first, then those that ended last, in the order in which they are kept. */
  private static List<Waitpoint> kept(List<Waitpoint> all) {
    List<Waitpoint> wanted = new ArrayList<>(all.stream().filter(Waitpoint::isPending).toList());
    List<Waitpoint> ended = new ArrayList<>(all);
    ended.removeAll(wanted);
    Collections.reverse(ended);
    wanted.addAll(ended);
    int size = 0;
    int count = 0;
    while (count < wanted.size() && size + size(wanted.get(count)) <= MAX_WAITPOINT_SIZE) {
      size += size(wanted.get(count++));
    }
    if (count == wanted.size()) {
      return all;
    }
    List<Waitpoint> fitting = wanted.subList(0, count);
    return all.stream().filter(new HashSet<>(fitting)::contains).toList();
  }

  private static int size(Waitpoint waitpoint) {
    Callback callback = waitpoint.callback();
    return NUMBERS
        + waitpoint.tags().stream().mapToInt(Portrait::size).sum()
        + size(waitpoint.idempotencyKey())
        + (callback == null ? 0 : size(callback.url()) + size(callback.origin()));
  }

  private static int size(@Nullable String text) {
    return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
  }
}
