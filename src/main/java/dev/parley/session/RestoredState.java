package dev.parley.session;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Whether a state that comes from outside is one that a session can have. */
final class RestoredState {
  static final int MAX_RECORD = SessionCommand.Append.MAX_METERED_SIZE;

  private RestoredState() {}

  /** A stream as people call it: {@code out}, or {@code side.out}. */
  static String name(Channel channel) {
    String direction = channel.direction().wireName();
    return channel.isReservedPair() ? direction : channel.name() + "." + direction;
  }

  /**
   * What is wrong with it; empty when nothing is.
   *
   * @param id whose it is to become
   */
  static Optional<String> problem(Session target, SessionId id) {
    if (!target.id().equals(id)) {
      return Optional.of("the copy is of another session");
    }
    SessionInfo info = target.info();
    if (info == null && (target.clockwork() != null || target.turns() != null)) {
      return Optional.of("a session without a row has neither a timeout nor an agent");
    }
    if (info != null
        && info.externalId() != null
        && !SessionId.ofExternal(id.environmentId(), info.externalId()).equals(id)) {
      return Optional.of("the external id is that of another session");
    }
    if (target.channels().size() > Session.MAX_STREAMS) {
      return Optional.of("a session has at most " + Session.MAX_STREAMS + " streams");
    }
    return target.channels().entrySet().stream()
        .map(RestoredState::problem)
        .flatMap(Optional::stream)
        .findFirst()
        .or(() -> turns(target));
  }

  private static Optional<String> problem(Map.Entry<Channel, ChannelState> stream) {
    ChannelState state = stream.getValue();
    boolean numbered =
        state.trimPoint() >= 0
            && state.trimPoint() <= state.nextSeq()
            && state.newestSeq() >= -1
            && state.newestSeq() < state.nextSeq()
            && state.lastTimestamp() >= 0
            && state.bytes() >= 0;
    return numbered
        ? Optional.empty()
        : Optional.of(name(stream.getKey()) + ": its ends are out of order");
  }

  /** A turn is under way exactly when a record waits, and it is on the first of these. */
  private static Optional<String> turns(Session target) {
    Turns turns = target.turns();
    if (turns == null) {
      return Optional.empty();
    }
    long end = target.channel(Channel.IN).nextSeq();
    Turn turn = turns.current();
    boolean inOrder =
        turns.answeredTo() >= 0
            && turns.answeredTo() <= end
            && (turn == null || (turn.seq() >= turns.answeredTo() && turn.seq() < end));
    return inOrder
        ? Optional.empty()
        : Optional.of(
            "answered to %d, at work on %s, of %d records"
                .formatted(
                    turns.answeredTo(), turn == null ? "none" : Objects.toString(turn.seq()), end));
  }
}
