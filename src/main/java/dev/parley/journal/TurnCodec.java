package dev.parley.journal;

import dev.parley.journal.proto.Snapshot;
import dev.parley.journal.proto.TurnEnded;
import dev.parley.journal.proto.TurnStarted;
import dev.parley.session.SessionEvent;
import dev.parley.session.Turn;
import dev.parley.session.TurnOutcome;
import dev.parley.session.Turns;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Turns of agents to and from the messages of {@code journal.proto}. */
public final class TurnCodec {
  private TurnCodec() {}

  static TurnStarted toProto(SessionEvent.TurnStarted event) {
    return TurnStarted.newBuilder().setTurn(toProto(event.turn())).build();
  }

  static SessionEvent started(TurnStarted message) {
    return new SessionEvent.TurnStarted(fromProto(message.getTurn()));
  }

  static TurnEnded toProto(SessionEvent.TurnEnded event) {
    return TurnEnded.newBuilder()
        .setSeq(event.seq())
        .setAnsweredTo(event.answeredTo())
        .setOutcome(toProto(event.outcome()))
        .setStartedAt(event.startedAt().toEpochMilli())
        .setAt(event.at().toEpochMilli())
        .build();
  }

  static SessionEvent ended(TurnEnded message) {
    return new SessionEvent.TurnEnded(
        message.getSeq(),
        message.getAnsweredTo(),
        fromProto(message.getOutcome()),
        Instant.ofEpochMilli(message.getStartedAt()),
        Instant.ofEpochMilli(message.getAt()));
  }

  public static dev.parley.journal.proto.TurnOutcome toProto(TurnOutcome outcome) {
    return dev.parley.journal.proto.TurnOutcome.valueOf(outcome.name());
  }

  /**
   * @throws IllegalArgumentException when this version does not know the outcome
   */
  public static TurnOutcome fromProto(dev.parley.journal.proto.TurnOutcome message) {
    return TurnOutcome.valueOf(message.name());
  }

  static void put(Turns turns, Snapshot.Builder snapshot) {
    snapshot.setAgentId(turns.agentId()).setAnsweredTo(turns.answeredTo());
    if (turns.current() != null) {
      snapshot.setTurn(toProto(turns.current()));
    }
  }

  static @Nullable Turns turns(Snapshot snapshot) {
    return snapshot.hasAgentId()
        ? new Turns(
            snapshot.getAgentId(),
            snapshot.getAnsweredTo(),
            snapshot.hasTurn() ? fromProto(snapshot.getTurn()) : null)
        : null;
  }

  public static dev.parley.journal.proto.Turn toProto(Turn turn) {
    return dev.parley.journal.proto.Turn.newBuilder()
        .setSeq(turn.seq())
        .setAttempt(turn.attempt())
        .setStartedAt(turn.startedAt().toEpochMilli())
        .build();
  }

  public static Turn fromProto(dev.parley.journal.proto.Turn message) {
    return new Turn(
        message.getSeq(), message.getAttempt(), Instant.ofEpochMilli(message.getStartedAt()));
  }
}
