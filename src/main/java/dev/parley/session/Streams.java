package dev.parley.session;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The streams of a session as the journal holds them. Those of a session that is being restored are
 * not to be seen before all of their records are there.
 *
 * @param stored those that were ever written
 * @param target what the session is to become; null for one that is whole
 */
record Streams(Map<Channel, ChannelState> stored, @Nullable Session target) {
  static final Streams NONE = new Streams(Map.of(), null);

  Streams {
    stored = Map.copyOf(stored);
  }

  /** Those that are to be seen. */
  Map<Channel, ChannelState> visible() {
    return target == null ? stored : Map.of();
  }

  /**
   * The streams after the appends.
   *
   * @param id whose they are
   * @param version of the event that holds the appends
   */
  Streams with(List<StreamAppend> appends, SessionId id, long version) {
    Map<Channel, ChannelState> next = new HashMap<>(stored);
    for (StreamAppend append : appends) {
      ChannelState state = next.getOrDefault(append.channel(), ChannelState.EMPTY);
      if (state.nextSeq() != append.firstSeq()) {
        throw new IllegalStateException(
            "gap in %s of %s: next is %d, the event begins at %d"
                .formatted(append.channel(), id, state.nextSeq(), append.firstSeq()));
      }
      ChannelState after = state.append(append, version);
      // What is restored brings the memory of its part ids along.
      next.put(append.channel(), target == null ? after : after.remembering(state));
    }
    return new Streams(next, target);
  }
}
