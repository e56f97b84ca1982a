package dev.parley.agent;

import dev.parley.entity.Answering;
import dev.parley.entity.Conversations;
import dev.parley.entity.Sessions;
import dev.parley.session.SessionId;
import dev.parley.session.Turn;
import java.util.Optional;
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
      Agents agents,
      AttachedWorkers workers) {}

  /**
   * @param conversations where the history of a conversation is found
   * @param workers who answer for attached agents
   */
  public AgentTurns(
      ActorSystem<?> system,
      Sessions sessions,
      Conversations conversations,
      AgentRegistry registry,
      Agents agents,
      AttachedWorkers workers) {
    this.workshop = new Workshop(system, sessions, conversations, registry, agents, workers);
  }

  @Override
  public Work begin(SessionId session, String agentId, Turn turn) {
    Optional<AgentDefinition> agent =
        workshop
            .registry()
            .now(session.environmentId())
            .byId(agentId)
            .filter(AgentDefinition::started);
    if (agent.isPresent() && agent.get().kind() instanceof AgentKind.Attached) {
      AttachedTurn work = new AttachedTurn(workshop, session, agent.get(), turn);
      work.start();
      return work;
    }
    TurnWork work = new TurnWork(workshop, session, agentId, agent.orElse(null), turn);
    work.start();
    return work;
  }
}
