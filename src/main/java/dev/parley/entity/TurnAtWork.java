package dev.parley.entity;

import dev.parley.session.Session;
import dev.parley.session.SessionReply;
import dev.parley.session.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** The turn that the session's agent works on at this moment, on this node. */
final class TurnAtWork {
  private final Answering answering;
  private final List<ActorRef<SessionReply>> stopping = new ArrayList<>();
  private @Nullable Turn turn;
  private Answering.@Nullable Work work;

  /** The attempt that was under way when the session slept or fell: another one follows it. */
  private @Nullable Turn cutOff;

  TurnAtWork(Answering answering) {
    this.answering = answering;
  }

  /**
   * Finds the state as the journal has it. Its turn was begun elsewhere, so nobody works on this
   * attempt again: what it has said already would stand in the way of what is said now.
   */
  void recovered(Session session) {
    cutOff = underWay(session);
  }

  /** Whether the state has a turn that nobody works on: one from before the session woke. */
  boolean isMissing(Session session) {
    return work == null && underWay(session) != null;
  }

  /** Follows the state: ends the work that is over and begins what is new. */
  void follow(Session session) {
    Turn current = underWay(session);
    if (Objects.equals(current, turn) || (current != null && current.equals(cutOff))) {
      return;
    }
    end();
    turn = current;
    if (current != null) {
      String agentId = Objects.requireNonNull(session.turns()).agentId();
      work = answering.begin(session.id(), agentId, current);
    }
  }

  /** Stops the turn; the answer comes when it is over. */
  void stop(ActorRef<SessionReply> replyTo) {
    if (work == null) {
      replyTo.tell(new SessionReply.TurnOver());
    } else {
      stopping.add(replyTo);
      work.stop();
    }
  }

  /** Lets go of the work: the session leaves this node, or has failed. */
  void end() {
    if (work != null) {
      work.abandon();
      work = null;
    }
    turn = null;
    stopping.forEach(replyTo -> replyTo.tell(new SessionReply.TurnOver()));
    stopping.clear();
  }

  private static @Nullable Turn underWay(Session session) {
    return session.turns() == null ? null : session.turns().current();
  }
}
