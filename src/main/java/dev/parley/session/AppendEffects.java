package dev.parley.session;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What accepted records mean to the session's lifetime and to its agent: those of {@code .in} are
 * messages of the user and want an answer, those of {@code .out} are the agent's output (across.md
 * section 1).
 */
final class AppendEffects {
  private final Instant now;
  private final List<SessionEvent.Touched> touches = new ArrayList<>();
  private final List<SessionEvent> turnEvents = new ArrayList<>();
  private @Nullable Clockwork clockwork;
  private @Nullable Turns turns;

  AppendEffects(Session session, Instant now) {
    this.now = now;
    this.clockwork = session.clockwork();
    this.turns = session.turns();
  }

  /** The turns as they are behind the records taken in so far; null when nobody answers. */
  @Nullable Turns turns() {
    return turns;
  }

  /** The lifetime likewise. */
  Lifetime lifetime() {
    return Objects.requireNonNull(clockwork, "only a messaging session is asked").lifetime();
  }

  /**
   * Takes in records.
   *
   * @param ofTurn whether the turn under way wrote them, which says itself when it is over
   * @param in the state of {@code .in} with all records taken in before
   */
  void accept(StreamAppend append, boolean ofTurn, ChannelState in) {
    if (clockwork != null) {
      touch(append, clockwork);
    }
    if (turns != null && append.channel().equals(Channel.IN)) {
      wantAnswer(append, turns);
    } else if (turns != null && append.channel().equals(Channel.OUT) && !ofTurn) {
      endByWriter(append, turns, in);
    }
  }

  /** Each renewal that counts is an event of its own, so that everybody can be told of it. */
  private void touch(StreamAppend append, Clockwork before) {
    boolean message = append.channel().equals(Channel.IN);
    boolean output = append.channel().equals(Channel.OUT) && before.notesAgent(now);
    if (!message && !output) {
      return;
    }
    Activity cause = message ? Activity.MESSAGE : Activity.AGENT;
    SessionEvent.Touched touched = before.touched(before.lifetime().on(cause, now), cause, now);
    int last = touches.size() - 1;
    boolean sameCount =
        last >= 0
            && touches.get(last).lifetime().renewalCount() == touched.lifetime().renewalCount();
    if (sameCount) {
      touches.set(last, touched.with(touches.get(last).report()));
    } else {
      touches.add(touched);
    }
    clockwork = before.after(touched);
  }

  private void wantAnswer(StreamAppend append, Turns before) {
    for (int i = 0; before.current() == null && i < append.records().size(); i++) {
      if (append.records().get(i).message()) {
        start(before, append.firstSeq() + i);
        return;
      }
    }
  }

  /** Whoever else ends a turn has answered: a worker outside, or somebody in the agent's place. */
  private void endByWriter(StreamAppend append, Turns before, ChannelState in) {
    Turn turn = before.current();
    for (StreamAppend.Entry entry : append.records()) {
      if (turn != null && entry.content().isTurnComplete()) {
        long consumed = entry.content().consumedSeq();
        if (consumed >= 0 && consumed < turn.seq()) {
          // Of an earlier turn, which was over already.
          continue;
        }
        long last = Math.min(Math.max(consumed, turn.seq()), in.nextSeq() - 1);
        end(turn, last + 1, TurnOutcome.ANSWERED, in);
        turn = Objects.requireNonNull(turns).current();
      }
    }
  }

  /** Ends the turn under way and begins the next, if another record waits. */
  void end(Turn turn, long answeredTo, TurnOutcome outcome, ChannelState in) {
    turnEvents.add(
        new SessionEvent.TurnEnded(turn.seq(), answeredTo, outcome, turn.startedAt(), now));
    Turns ended = Objects.requireNonNull(turns).ended(answeredTo);
    turns = ended;
    if (in.newestSeq() >= ended.answeredTo()) {
      start(ended, ended.answeredTo());
    }
  }

  private void start(Turns before, long seq) {
    Turn turn = new Turn(seq, 1, now);
    turnEvents.add(new SessionEvent.TurnStarted(turn));
    turns = before.started(turn);
  }

  /** The event with the records, and the renewal's record if it is due, then what follows. */
  List<SessionEvent> events(Session session, List<StreamAppend> accepted) {
    List<StreamAppend> records = new ArrayList<>(accepted);
    List<SessionEvent> events = new ArrayList<>();
    for (SessionEvent.Touched touched : reportedOnce()) {
      if (touched.report() == SessionEvent.Report.NOW) {
        records.add(LifecycleRecord.renewed(touched).place(session, now));
      }
      events.add(touched);
    }
    events.add(0, new SessionEvent.RecordsAppended(records));
    events.addAll(turnEvents);
    return events;
  }

  /** With the one record that may be due at the last of them, so that it tells the newest state. */
  private List<SessionEvent.Touched> reportedOnce() {
    boolean due = touches.stream().anyMatch(touch -> touch.report() == SessionEvent.Report.NOW);
    if (!due) {
      return touches;
    }
    List<SessionEvent.Touched> reported = new ArrayList<>(touches.size());
    for (int i = 0; i < touches.size(); i++) {
      boolean last = i == touches.size() - 1;
      reported.add(touches.get(i).with(last ? SessionEvent.Report.NOW : SessionEvent.Report.NONE));
    }
    return reported;
  }
}
