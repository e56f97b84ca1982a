package dev.parley.http.messaging;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.http.messaging.AgentDirectory.AgentView;
import dev.parley.http.shared.TimeoutFields;
import dev.parley.session.SessionCommand;
import dev.parley.session.TimeoutLimits;
import dev.parley.session.TimeoutPolicy;
import dev.parley.session.TimeoutTiers;
import java.util.Locale;
import java.util.UUID;

/** The session that a body asks for, checked in the order of eliza.md section 5.1. */
record NewSession(MessagingSession.Parties parties, String metadata, TimeoutPolicy timeout) {
  /**
   * Gives the session its ids.
   *
   * @throws MessagingRefused for the first check that fails
   */
  static NewSession read(JsonNode body, AgentDirectory agents, TimeoutLimits limits) {
    JsonNode agentId = body.path("agentId");
    JsonNode userId = body.path("userId");
    if (!agentId.isTextual() || !userId.isTextual()) {
      throw MessagingError.missingFields("agentId", "userId").refused();
    }
    requireUuid("agentId", agentId.textValue());
    requireUuid("userId", userId.textValue());
    AgentView agent =
        agents
            .find(agentId.textValue().toLowerCase(Locale.ROOT))
            .filter(AgentView::started)
            .orElseThrow(() -> MessagingError.agentNotFound(agentId.textValue()).refused());
    String metadata = Metadata.read(body.path("metadata"));
    TimeoutPolicy timeout = timeout(body.path("timeoutConfig"), agent, limits);
    UUID sessionId = UUID.randomUUID();
    MessagingSession.Parties parties =
        new MessagingSession.Parties(
            sessionId.toString(),
            ChannelId.ofSession(sessionId).toString(),
            agentId.textValue(),
            userId.textValue());
    return new NewSession(parties, metadata, timeout);
  }

  private static void requireUuid(String field, String value) {
    if (!UuidShape.matches(value)) {
      throw MessagingError.invalidUuid(field).refused();
    }
  }

  private static TimeoutPolicy timeout(JsonNode config, AgentView agent, TimeoutLimits limits) {
    TimeoutPolicy ofAgent = TimeoutTiers.ofAgent(limits, agent.settings());
    TimeoutTiers.Outcome outcome = TimeoutTiers.create(limits, ofAgent, TimeoutFields.read(config));
    if (outcome instanceof TimeoutTiers.Outcome.Refused refused) {
      throw MessagingError.invalidTimeout(refused.reason()).refused();
    }
    return ((TimeoutTiers.Outcome.Accepted) outcome).policy();
  }

  SessionCommand.Create command(String runId) {
    return new SessionCommand.Create(
        parties.sessionId(),
        MessagingSession.TYPE,
        parties.agentId(),
        parties.toTriggerConfig(),
        parties.tags(),
        metadata,
        null,
        timeout,
        parties.agentId(),
        runId);
  }
}
