package dev.parley.http.messaging;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.entity.Sessions;
import dev.parley.projection.Item;
import dev.parley.session.Lifetime;
import dev.parley.session.RunId;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import dev.parley.session.TimeoutLimits;
import java.util.concurrent.CompletionStage;

/** Makes the sessions of this face (eliza.md section 5.1), for whoever asks for one. */
public final class SessionCreation {
  private final Sessions sessions;
  private final String environmentId;
  private final RecentSessions recent;
  private final AgentDirectory agents;
  private final TimeoutLimits limits;

  SessionCreation(
      Sessions sessions,
      String environmentId,
      RecentSessions recent,
      AgentDirectory agents,
      TimeoutLimits limits) {
    this.sessions = sessions;
    this.environmentId = environmentId;
    this.recent = recent;
    this.agents = agents;
    this.limits = limits;
  }

  /**
   * Makes the session that a body asks for. Throws, or fails with, {@link MessagingRefused}: 400
   * for a wrong body, 404 for an agent that does not run, 500 or 503 when the store does not
   * answer.
   *
   * @param body of a request to create a session
   */
  public CompletionStage<MessagingSession> create(JsonNode body) {
    NewSession wanted = NewSession.read(body, agents, limits);
    SessionId id = SessionId.ofExternal(environmentId, wanted.parties().sessionId());
    return sessions
        .ask(id, wanted.command(RunId.mint(environmentId)))
        .thenApply(reply -> created(id, wanted, reply));
  }

  private MessagingSession created(SessionId id, NewSession wanted, SessionReply reply) {
    if (reply instanceof SessionReply.Started started) {
      recent.add(new Item(id, started.info()));
      Lifetime lifetime = Lifetime.create(wanted.timeout(), started.info().createdAt());
      return new MessagingSession(started.info(), lifetime, wanted.parties());
    }
    if (reply instanceof SessionReply.OutcomeUnknown) {
      throw MessagingError.of(
              500,
              "SESSION_CREATION_FAILED",
              "Failed to create session: the store did not answer in time",
              null)
          .refused();
    }
    throw SessionDirectory.unavailable(reply).refused();
  }
}
