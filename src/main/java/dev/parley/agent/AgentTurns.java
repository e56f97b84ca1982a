package dev.parley.agent;

import dev.parley.entity.Answering;
import dev.parley.entity.Conversations;
import dev.parley.entity.Sessions;
import dev.parley.session.SessionId;
import dev.parley.session.Turn;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Has the agents of the registry work on the turns of sessions. The agent is looked up when a turn
 * begins: one that was changed or removed meanwhile counts as it is then.
 */
public final class AgentTurns implements Answering {
  private final Workshop workshop;

  /** What every turn needs. */
  record Workshop(
      ActorSystem<?> system,
      Sessions sessions,
      Conversations conversations,
      AgentRegistry registry,
      Agents agents) {}

  /**
   * @param conversations where the history of a conversation is found
   */
  public AgentTurns(
      ActorSystem<?> system,
      Sessions sessions,
      Conversations conversations,
      AgentRegistry registry,
      Agents agents) {
    this.workshop = new Workshop(system, sessions, conversations, registry, agents);
  }

  @Override
  public Work begin(SessionId session, String agentId, Turn turn) {
    TurnWork work = new TurnWork(workshop, session, agentId, turn);
    work.start();
    return work;
  }
}
