package dev.parley.session;

import dev.parley.session.SessionCommand.Append;
import dev.parley.session.SessionCommand.Draft;
import dev.parley.session.SessionCommand.EndTurn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the turns of an agent go on and end; records start them ({@link AppendEffects}). */
final class TurnRules {
  private final Session session;
  private final Instant now;

  TurnRules(Session session, Instant now) {
    this.session = session;
    this.now = now;
  }

  /** Another attempt, unless there were enough. */
  Decision resume() {
    Turn turn = current();
    if (turn == null) {
      return Decision.reply(new SessionReply.TurnOver());
    }
    if (turn.attempt() < Turn.MAX_ATTEMPTS) {
      Turn next = new Turn(turn.seq(), turn.attempt() + 1, now);
      return new Decision(List.of(new SessionEvent.TurnStarted(next)), new SessionReply.TurnOver());
    }
    return end(
        turn,
        TurnOutcome.FAILED,
        null,
        error(turn, "The agent was cut off " + turn.attempt() + " times."));
  }

  Decision end(EndTurn end) {
    Turn turn = current();
    return turn != null && turn.equals(end.turn())
        ? end(turn, end.outcome(), end.answer(), end.error())
        : Decision.reply(new SessionReply.TurnOver());
  }

  private Decision end(
      Turn turn, TurnOutcome outcome, @Nullable Message answer, @Nullable String error) {
    AppendEffects effects = new AppendEffects(session, now);
    ChannelState in = session.channel(Channel.IN);
    List<StreamAppend> records =
        outcome == TurnOutcome.SKIPPED ? List.of() : closing(turn, turn.seq(), answer, error);
    records.forEach(append -> effects.accept(append, true, in));
    effects.end(turn, turn.seq() + 1, outcome, in);
    List<SessionEvent> events = effects.events(session, records);
    return new Decision(
        records.isEmpty() ? events.subList(1, events.size()) : events, new SessionReply.TurnOver());
  }

  /**
   * What the end of the session puts on {@code .out} when a turn is under way. It is said to
   * everybody who waits for an answer: all records count as consumed.
   */
  List<StreamAppend> interruption() {
    Turn turn = current();
    return turn == null
        ? List.of()
        : closing(
            turn,
            session.channel(Channel.IN).nextSeq() - 1,
            null,
            error(turn, "The session has ended."));
  }

  /** What follows that; nothing waits for an answer any more. */
  List<SessionEvent> interrupted() {
    Turn turn = current();
    return turn == null
        ? List.of()
        : List.of(
            new SessionEvent.TurnEnded(
                turn.seq(),
                session.channel(Channel.IN).nextSeq(),
                TurnOutcome.INTERRUPTED,
                turn.startedAt(),
                now));
  }

  private @Nullable Turn current() {
    return session.turns() == null ? null : session.turns().current();
  }

  /** Names no message, which the session does not know: what ends the turn does. */
  private String error(Turn turn, String reason) {
    return "{\"type\":\"error\",\"messageId\":%s,\"error\":%s}"
        .formatted(Envelope.quote(turn.answerId(session.id())), Envelope.quote(reason));
  }

  private List<StreamAppend> closing(
      Turn turn, long consumed, @Nullable Message answer, @Nullable String error) {
    List<Draft> drafts = new ArrayList<>();
    if (answer != null) {
      drafts.add(Draft.of(answer));
    }
    if (error != null) {
      Bytes envelope = Envelope.ofJson(error, "error-" + turn.answerId(session.id()));
      drafts.add(new Draft(null, RecordContent.of(envelope)));
    }
    drafts.add(new Draft(null, RecordContent.turnComplete(consumed)));
    Append append = new Append(Channel.OUT, drafts, null, null, null, true, true, turn);
    return List.of(Placement.of(session, now).place(append));
  }
}
