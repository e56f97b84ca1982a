package dev.parley.session;

import dev.parley.session.SessionCommand.Append;
import dev.parley.session.SessionCommand.AppendSeries;
import dev.parley.session.SessionCommand.Appending;
import dev.parley.session.SessionCommand.Draft;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Whether records may be appended and which places they get (trigger.md section 4.3, s2.md section
 * 3). A group is decided append by append, each on the state that the one before it leaves.
 */
final class AppendRules {
  private final Instant now;
  private final List<StreamAppend> accepted = new ArrayList<>();
  private Session session;

  /** Accepted, but not yet in {@link #session}: the last one has nobody behind it who needs it. */
  private @Nullable StreamAppend newest;

  AppendRules(Session session, Instant now) {
    this.session = session;
    this.now = now;
  }

  GroupDecision decide(List<Appending> group) {
    List<SessionReply> replies = new ArrayList<>(group.size());
    for (Appending appending : group) {
      replies.add(
          appending instanceof AppendSeries series ? series(series) : append((Append) appending));
    }
    if (accepted.isEmpty()) {
      return new GroupDecision(List.of(), replies);
    }
    SessionEvent.Touched touched = touched();
    List<SessionEvent> events = new ArrayList<>(2);
    if (touched != null && touched.report() == SessionEvent.Report.NOW) {
      accepted.add(LifecycleRecord.renewed(touched).place(session, now));
    }
    events.add(new SessionEvent.RecordsAppended(accepted));
    if (touched != null) {
      events.add(touched);
    }
    return new GroupDecision(events, replies);
  }

  /**
   * What the records mean to the lifetime: those of the user are messages, those of the agent are
   * its output (across.md section 1).
   */
  private SessionEvent.@Nullable Touched touched() {
    Clockwork clockwork = session.clockwork();
    if (clockwork == null) {
      return null;
    }
    Touch touch = null;
    Activity cause = Activity.MESSAGE;
    Lifetime lifetime = clockwork.lifetime();
    for (StreamAppend append : accepted) {
      boolean message = append.channel().equals(Channel.IN);
      boolean output = append.channel().equals(Channel.OUT) && clockwork.notesAgent(now);
      if (message || (output && touch == null)) {
        cause = message ? Activity.MESSAGE : Activity.AGENT;
        touch = lifetime.on(cause, now);
        lifetime = touch instanceof Touch.Renewed renewed ? renewed.lifetime() : lifetime;
      }
    }
    return touch == null ? null : clockwork.touched(touch, cause, now);
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

  private SessionReply append(Append append) {
    if (newest != null) {
      session = session.withAppends(List.of(newest));
      newest = null;
    }
    SessionReply refusal = refusal(append);
    if (refusal != null) {
      return refusal;
    }
    newest = place(append, session.channel(append.channel()), now.toEpochMilli());
    accepted.add(newest);
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
    return limitOrCondition(channel, append);
  }

  private @Nullable SessionReply limitOrCondition(ChannelState channel, Append append) {
    Optional<String> problem = append.problem();
    if (problem.isPresent()) {
      return new SessionReply.InvalidAppend(problem.get());
    }
    if (channel == ChannelState.EMPTY && session.channels().size() >= Session.MAX_STREAMS) {
      return new SessionReply.TooManyStreams();
    }
    if (append.partId() != null && channel.partIds().size() >= PartIdWindow.MAX_COUNT) {
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

  /** Numbers the records and settles their timestamps: never in the future, never backwards. */
  static StreamAppend place(Append append, ChannelState channel, long now) {
    long timestamp = channel.lastTimestamp();
    List<StreamAppend.Entry> entries = new ArrayList<>(append.records().size());
    for (Draft record : append.records()) {
      long wanted = record.timestamp() == null ? now : Math.min(record.timestamp(), now);
      timestamp = Math.max(timestamp, wanted);
      entries.add(new StreamAppend.Entry(timestamp, record.content()));
    }
    return new StreamAppend(append.channel(), channel.nextSeq(), entries, append.partId());
  }

  private static SessionReply appended(StreamAppend records) {
    List<StreamAppend.Entry> entries = records.records();
    Position start = new Position(records.firstSeq(), entries.get(0).timestamp());
    Position end = new Position(records.endSeq(), entries.get(entries.size() - 1).timestamp());
    return new SessionReply.Appended(start, end, end, false);
  }
}
