package dev.parley.session;

import dev.parley.session.SessionCommand.Append;
import dev.parley.session.SessionCommand.AppendSeries;
import dev.parley.session.SessionCommand.Appending;
import dev.parley.session.SessionCommand.Send;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Whether records may be appended and which places they get (trigger.md section 4.3, s2.md section
 * 3). A group is decided append by append, each on the state that the one before it leaves.
 */
final class AppendRules {
  private final Instant now;
  private final AppendEffects effects;
  private final List<StreamAppend> accepted = new ArrayList<>();
  private Session session;

  /** Accepted, but not yet in {@link #session}: the last one has nobody behind it who needs it. */
  private @Nullable StreamAppend newest;

  AppendRules(Session session, Instant now) {
    this.session = session;
    this.now = now;
    this.effects = new AppendEffects(session, now);
  }

  GroupDecision decide(List<Appending> group) {
    List<SessionReply> replies = new ArrayList<>(group.size());
    for (Appending appending : group) {
      replies.add(reply(appending));
    }
    return new GroupDecision(
        accepted.isEmpty() ? List.of() : effects.events(session, accepted), replies);
  }

  private SessionReply reply(Appending appending) {
    if (appending instanceof AppendSeries series) {
      return series(series);
    }
    return appending instanceof Send send ? send(send) : append((Append) appending);
  }

  private SessionReply series(AppendSeries series) {
    List<SessionReply> replies = new ArrayList<>(series.appends().size());
    for (Append append : series.appends()) {
      SessionReply reply = append(append);
      replies.add(reply);
      if (!(reply instanceof SessionReply.Appended)) {
        break;
      }
    }
    return new SessionReply.SeriesAppended(replies);
  }

  private SessionReply send(Send send) {
    if (session.info() != null && !session.isMessaging()) {
      return new SessionReply.NoTimeout();
    }
    SessionReply reply = append(send.append());
    if (reply instanceof SessionReply.Appended appended) {
      Lifetime lifetime = effects.lifetime();
      return new SessionReply.Sent(
          appended.start(),
          Objects.requireNonNull(session.info()).endingAt(lifetime.expiresAt()),
          lifetime,
          lifetime.policy().autoRenew(),
          session.channel(Channel.OUT).nextSeq(),
          appended.repeated());
    }
    return reply;
  }

  private SessionReply append(Append append) {
    if (newest != null) {
      session = session.withAppends(List.of(newest));
      newest = null;
    }
    SessionReply refusal = refusal(append);
    if (refusal != null) {
      return refusal;
    }
    newest = Placement.of(session, now).place(append);
    accepted.add(newest);
    effects.accept(newest, append.turn() != null, session.channel(Channel.IN));
    return appended(newest);
  }

  /** The answer that leaves the stream as it is; null when the append is to be done. */
  private @Nullable SessionReply refusal(Append append) {
    SessionInfo info = session.info();
    ChannelState channel = session.channel(append.channel());
    if (info == null && append.rowRequired()) {
      return new SessionReply.NoSuchSession();
    }
    if (append.channel().isServerOnly()) {
      return new SessionReply.ServerOnlyChannel();
    }
    if (append.turn() != null && !isUnderWay(append.turn())) {
      return new SessionReply.TurnOver();
    }
    // Before everything that may have changed since: a repetition gets the first answer.
    OptionalLong answered = channel.answered(append);
    if (answered.isPresent()) {
      long first = answered.getAsLong();
      long timestamp = channel.lastTimestamp();
      return new SessionReply.Appended(
          new Position(first, timestamp),
          new Position(first + append.recordCount(), timestamp),
          channel.tail(),
          true);
    }
    if (info != null) {
      switch (info.status(now)) {
        case CLOSED -> {
          return new SessionReply.Closed(info.closedReason());
        }
        case EXPIRED -> {
          return new SessionReply.Expired();
        }
        case ACTIVE -> {}
      }
    }
    if (info != null && session.isMessaging() && mayHoldMessages(append)) {
      return new SessionReply.MessagesWanted(info);
    }
    return limitOrCondition(channel, append);
  }

  private boolean isUnderWay(Turn turn) {
    Turns turns = effects.turns();
    return turns != null && turns.current() != null && turns.current().equals(turn);
  }

  private static boolean mayHoldMessages(Append append) {
    return !append.formed()
        && append.channel().isReservedPair()
        && append.records().stream().anyMatch(record -> record.content().isData());
  }

  private @Nullable SessionReply limitOrCondition(ChannelState channel, Append append) {
    Optional<String> problem = append.problem();
    if (problem.isPresent()) {
      return new SessionReply.InvalidAppend(problem.get());
    }
    if (channel == ChannelState.EMPTY && session.channels().size() >= Session.MAX_STREAMS) {
      return new SessionReply.TooManyStreams();
    }
    boolean tooManyParts =
        append.partId() != null && channel.partIds().size() >= PartIdWindow.MAX_COUNT;
    Turns turns = effects.turns();
    boolean tooManyQuestions =
        turns != null && append.channel().equals(Channel.IN) && turns.isFull(channel);
    if (tooManyParts || tooManyQuestions) {
      return new SessionReply.Overloaded(PartIdWindow.SPAN);
    }
    if (append.fencingToken() != null && !append.fencingToken().equals(channel.fencingToken())) {
      return new SessionReply.FencingTokenMismatch(channel.fencingToken());
    }
    if (append.matchSeq() != null && append.matchSeq() != channel.nextSeq()) {
      return new SessionReply.SequenceMismatch(channel.nextSeq());
    }
    return null;
  }

  private static SessionReply appended(StreamAppend records) {
    List<StreamAppend.Entry> entries = records.records();
    Position start = new Position(records.firstSeq(), entries.get(0).timestamp());
    Position end = new Position(records.endSeq(), entries.get(entries.size() - 1).timestamp());
    return new SessionReply.Appended(start, end, end, false);
  }
}
