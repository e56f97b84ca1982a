package dev.parley.session;

import dev.parley.session.SessionCommand.Restore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a piece of a copy may be put in its place. Pieces that are there already are passed by,
 * so that a copy can be sent again from its beginning.
 */
final class RestoreRules {
  private final Instant now;
  private final List<SessionEvent> events = new ArrayList<>();

  /** Records that will share an event. */
  private final List<StreamAppend> appends = new ArrayList<>();

  /** Behind the events. */
  private Session state;

  /** Behind the records that will share an event, too. */
  private Session newest;

  private long records;

  RestoreRules(Session session, Instant now) {
    this.state = session;
    this.newest = session;
    this.now = now;
  }

  Decision decide(Restore restore) {
    Session target = restore.target();
    if (state.restoring() == null) {
      if (!state.isBlank()) {
        return Decision.reply(new SessionReply.AlreadyThere());
      }
      Optional<String> problem = RestoredState.problem(target, state.id());
      if (problem.isPresent()) {
        return refused(problem.get());
      }
      happens(new SessionEvent.RestoreBegun(target, now));
    } else if (!target.equals(state.restoring())) {
      return refused("another copy of this session is being restored; purge what is there of it");
    }
    for (RestoredPiece piece : restore.pieces()) {
      String problem = take(piece, target);
      if (problem != null) {
        return refused(problem);
      }
    }
    closeEvent();
    if (restore.last()) {
      Optional<String> missing = missing(target);
      if (missing.isPresent()) {
        return refused(missing.get());
      }
      finish(target);
    }
    return new Decision(events, new SessionReply.Restored(records, restore.last()));
  }

  private static Decision refused(String problem) {
    return Decision.reply(new SessionReply.CannotRestore(problem));
  }

  /** Null when the piece is in its place now. */
  private @Nullable String take(RestoredPiece piece, Session target) {
    if (piece instanceof RestoredPiece.Records piecewise) {
      return takeRecords(piecewise.append(), target);
    }
    closeEvent();
    return piece instanceof RestoredPiece.Trimmed trimmed
        ? takeTrim(trimmed, target)
        : takePartIds((RestoredPiece.PartIds) piece, target);
  }

  private @Nullable String takeRecords(StreamAppend append, Session target) {
    ChannelState stored = newest.storedChannels().get(append.channel());
    if (stored == null) {
      return unknown(append.channel());
    }
    long next = stored.nextSeq();
    if (append.endSeq() <= next) {
      return null;
    }
    if (append.firstSeq() > next) {
      return "%s: the next record is %d, not %d"
          .formatted(RestoredState.name(append.channel()), next, append.firstSeq());
    }
    if (append.endSeq() > target.channel(append.channel()).nextSeq()) {
      return "%s: there is no record %d, the stream ends before it"
          .formatted(RestoredState.name(append.channel()), append.endSeq() - 1);
    }
    List<StreamAppend.Entry> fresh =
        append.records().subList((int) (next - append.firstSeq()), append.records().size());
    String problem = problem(append.channel(), stored, fresh);
    if (problem == null) {
      long size = stored.bytes();
      for (StreamAppend.Entry entry : fresh) {
        size += entry.content().meteredSize();
      }
      StreamAppend placed = new StreamAppend(append.channel(), next, fresh, null, size);
      appends.add(placed);
      newest = newest.withAppends(List.of(placed));
      records += fresh.size();
    }
    return problem;
  }

  private static @Nullable String problem(
      Channel channel, ChannelState stored, List<StreamAppend.Entry> fresh) {
    long timestamp = stored.lastTimestamp();
    long seq = stored.nextSeq();
    for (StreamAppend.Entry entry : fresh) {
      Optional<String> problem = RecordCommand.problem(entry.content());
      if (problem.isEmpty() && entry.content().meteredSize() > RestoredState.MAX_RECORD) {
        problem = Optional.of("larger than 1 MiB");
      }
      if (problem.isEmpty() && entry.timestamp() < timestamp) {
        problem = Optional.of("older than the one before it");
      }
      if (problem.isPresent()) {
        return "%s, record %d: %s".formatted(RestoredState.name(channel), seq, problem.get());
      }
      timestamp = entry.timestamp();
      seq++;
    }
    return null;
  }

  private @Nullable String takeTrim(RestoredPiece.Trimmed trimmed, Session target) {
    ChannelState stored = state.storedChannels().get(trimmed.channel());
    if (stored == null) {
      return unknown(trimmed.channel());
    }
    if (trimmed.toSeq() > target.channel(trimmed.channel()).nextSeq()) {
      return RestoredState.name(trimmed.channel()) + ": trimmed beyond its end";
    }
    if (trimmed.toSeq() > stored.nextSeq()) {
      happens(new SessionEvent.RestoreTrimmed(trimmed.channel(), trimmed.toSeq()));
    }
    return null;
  }

  private @Nullable String takePartIds(RestoredPiece.PartIds piece, Session target) {
    ChannelState stored = state.storedChannels().get(piece.channel());
    if (stored == null) {
      return unknown(piece.channel());
    }
    Optional<String> problem = piece.ids().problem(target.channel(piece.channel()).nextSeq());
    if (problem.isPresent()) {
      return RestoredState.name(piece.channel()) + ": " + problem.get();
    }
    PartIdWindow known = piece.batches() ? stored.batches() : stored.partIds();
    if (known.find(piece.ids().first()).isEmpty()) {
      happens(new SessionEvent.PartIdsRestored(piece.channel(), piece.batches(), piece.ids()));
    }
    return null;
  }

  private static String unknown(Channel channel) {
    return RestoredState.name(channel) + " is none of the streams that the session has";
  }

  private void closeEvent() {
    if (!appends.isEmpty()) {
      happens(new SessionEvent.RecordsAppended(appends));
      appends.clear();
    }
  }

  private void happens(SessionEvent event) {
    events.add(event);
    state = state.apply(event);
    newest = state;
  }

  /** What the streams lack at the end of the copy. */
  private Optional<String> missing(Session target) {
    return target.channels().entrySet().stream()
        .filter(
            stream ->
                state.storedChannels().get(stream.getKey()).nextSeq()
                    != stream.getValue().nextSeq())
        .map(
            stream ->
                "%s: the records from %d to %d are missing"
                    .formatted(
                        RestoredState.name(stream.getKey()),
                        state.storedChannels().get(stream.getKey()).nextSeq(),
                        stream.getValue().nextSeq() - 1))
        .findFirst();
  }

  /** The row comes into being as any other does, for those who keep lists; then all is seen. */
  private void finish(Session target) {
    if (target.info() != null) {
      Clockwork clockwork = target.clockwork();
      Turns turns = target.turns();
      happens(
          new SessionEvent.Created(
              target.info(),
              clockwork == null ? null : clockwork.lifetime().policy(),
              turns == null ? null : turns.agentId()));
    }
    happens(new SessionEvent.Restored(target, now));
  }
}
