package dev.parley.http.messaging;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.http.messaging.AgentDirectory.AgentView;
import dev.parley.http.shared.Json;
import dev.parley.http.shared.TimeoutFields;
import dev.parley.session.SessionCommand;
import dev.parley.session.Text;
import dev.parley.session.TimeoutLimits;
import dev.parley.session.TimeoutPolicy;
import dev.parley.session.TimeoutTiers;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;

/** The session that a body asks for, checked in the order of eliza.md section 5.1. */
record NewSession(MessagingSession.Parties parties, String metadata, TimeoutPolicy timeout) {
  /** Of any version: agents' ids are derived from names and mostly not of version 4 (section 2). */
  private static final Pattern UUID_SHAPE =
      Pattern.compile(
          "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", Pattern.CASE_INSENSITIVE);

  /** In UTF-16 code units of the compact JSON text. */
  private static final int MAX_METADATA = 10_240;

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
    String metadata = metadata(body.path("metadata"));
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
    if (!UUID_SHAPE.matcher(value).matches()) {
      throw MessagingError.invalidUuid(field).refused();
    }
  }

  /** The metadata as compact JSON text. */
  private static String metadata(JsonNode given) {
    if (given.isMissingNode() || given.isNull()) {
      return "{}";
    }
    if (!given.isObject()) {
      throw MessagingError.invalidMetadata("Metadata must be an object").refused();
    }
    String text = Json.text(given);
    if (text.length() > MAX_METADATA) {
      throw MessagingError.invalidMetadata(
              "Metadata exceeds the maximum size of %d bytes, got %d"
                  .formatted(MAX_METADATA, text.length()))
          .refused();
    }
    // NUL stands there as an escape, so only half a surrogate pair can be the problem.
    Text.problem(text)
        .ifPresent(
            problem -> {
              throw MessagingError.invalidMetadata("Metadata " + problem).refused();
            });
    return text;
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
        runId);
  }
}
