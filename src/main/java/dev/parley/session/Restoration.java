package dev.parley.session;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * How a session comes from a copy, commit by commit. Nobody sees anything of it before the last of
 * them, and until then it takes nothing else.
 */
final class Restoration {
  private Restoration() {}

  /**
   * The session after an event of its restoration.
   *
   * @param counted the session before it, with the version of the event
   */
  static Session after(Session counted, SessionEvent event) {
    if (event instanceof SessionEvent.RestoreBegun begun) {
      Map<Channel, ChannelState> streams = new HashMap<>();
      begun.target().channels().forEach((channel, end) -> streams.put(channel, start(end)));
      return counted.restoring(streams, begun.target());
    }
    if (event instanceof SessionEvent.RestoreTrimmed trimmed) {
      return with(
          counted,
          trimmed.channel(),
          trimmedTo(counted.storedChannels().get(trimmed.channel()), trimmed.toSeq()));
    }
    if (event instanceof SessionEvent.PartIdsRestored restored) {
      ChannelState state = counted.storedChannels().get(restored.channel());
      return with(
          counted,
          restored.channel(),
          restored.batches()
              ? state.with(state.partIds(), state.batches().with(restored.ids()))
              : state.with(state.partIds().with(restored.ids()), state.batches()));
    }
    if (event instanceof SessionEvent.Restored restored) {
      return whole(counted, restored.session());
    }
    throw new IllegalArgumentException("no rule for " + event.getClass().getName());
  }

  /** Before its first record, which is the first that was not trimmed. */
  private static ChannelState start(ChannelState end) {
    return trimmedTo(ChannelState.EMPTY, end.trimPoint());
  }

  private static ChannelState trimmedTo(ChannelState state, long toSeq) {
    return new ChannelState(
        Math.max(state.nextSeq(), toSeq),
        Math.max(state.trimPoint(), toSeq),
        state.fencingToken(),
        state.lastTimestamp(),
        state.settled(),
        state.newestSeq(),
        state.bytes(),
        state.index(),
        state.partIds(),
        state.batches());
  }

  private static Session with(Session session, Channel channel, ChannelState state) {
    Map<Channel, ChannelState> streams = new HashMap<>(session.storedChannels());
    streams.put(channel, state);
    return session.restoring(streams, Objects.requireNonNull(session.restoring()));
  }

  /** What the copy says, with its records where they lie here. */
  private static Session whole(Session session, Session target) {
    Map<Channel, ChannelState> streams = new HashMap<>();
    target
        .channels()
        .forEach(
            (channel, end) -> {
              ChannelState stored = session.storedChannels().get(channel);
              streams.put(
                  channel,
                  new ChannelState(
                      end.nextSeq(),
                      Math.max(end.trimPoint(), stored.trimPoint()),
                      end.fencingToken(),
                      end.lastTimestamp(),
                      end.settled(),
                      end.newestSeq(),
                      end.bytes(),
                      stored.index(),
                      stored.partIds(),
                      stored.batches()));
            });
    return Session.restore(
            session.id(),
            target.info(),
            session.version(),
            streams,
            target.waitpoints(),
            target.clockwork(),
            target.turns(),
            target.lastMessageAt())
        .with(session.retention());
  }
}
