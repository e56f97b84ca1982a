package dev.parley.http.sessions;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.agent.AgentDefinition;
import dev.parley.agent.AgentSnapshot;
import dev.parley.http.shared.BodySchema;
import dev.parley.http.shared.JsDates;
import dev.parley.http.shared.Json;
import dev.parley.http.shared.TimeoutFields;
import dev.parley.session.ExternalId;
import dev.parley.session.Given;
import dev.parley.session.SessionCommand;
import dev.parley.session.TimeoutLimits;
import dev.parley.session.TimeoutPolicy;
import dev.parley.session.TimeoutTiers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Turns bodies that fit their schema into commands (trigger.md sections 3.2 to 3.7). */
final class SessionBodies {
  private SessionBodies() {}

  /**
   * @param limits for a timeout policy, if the body asks for one
   * @param agents who may answer the session's task
   * @param runId of the session, should it be new
   */
  static SessionCommand.Create create(
      JsonNode body, TimeoutLimits limits, AgentSnapshot agents, String runId) {
    String task = body.get("taskIdentifier").textValue();
    return new SessionCommand.Create(
        externalId(body),
        body.get("type").textValue(),
        task,
        Json.text(body.get("triggerConfig")),
        tags(body),
        body.hasNonNull("metadata") ? Json.text(body.get("metadata")) : null,
        expiresAt(body),
        timeout(body, limits),
        agents.byTaskIdentifier(task).map(AgentDefinition::id).orElse(null),
        runId);
  }

  static SessionCommand.Update update(JsonNode body) {
    JsonNode metadata = body.get("metadata");
    JsonNode externalId = body.get("externalId");
    return new SessionCommand.Update(
        tags(body),
        metadata == null ? null : new Given<>(metadata.isNull() ? null : Json.text(metadata)),
        externalId == null ? null : new Given<>(externalId.textValue()));
  }

  static SessionCommand.Close close(JsonNode body) {
    return new SessionCommand.Close(
        text(body, "reason"), text(body, "callingRunId"), "close-" + UUID.randomUUID());
  }

  private static @Nullable String externalId(JsonNode body) {
    String given = text(body, "externalId");
    if (given == null) {
      return null;
    }
    String externalId = ExternalId.trim(given);
    ExternalId.problem(externalId)
        .ifPresent(
            problem -> {
              throw BodySchema.invalid(problem);
            });
    return externalId;
  }

  private static @Nullable List<String> tags(JsonNode body) {
    if (!body.hasNonNull("tags")) {
      return null;
    }
    List<String> tags = new ArrayList<>();
    body.get("tags").forEach(tag -> tags.add(tag.textValue()));
    return tags;
  }

  private static @Nullable Instant expiresAt(JsonNode body) {
    if (!body.hasNonNull("expiresAt")) {
      return null;
    }
    return JsDates.parse(body.get("expiresAt"))
        .orElseThrow(() -> BodySchema.invalid("expiresAt must be a date, such as ISO-8601 in UTC"));
  }

  private static @Nullable TimeoutPolicy timeout(JsonNode body, TimeoutLimits limits) {
    if (!body.hasNonNull("timeoutConfig")) {
      return null;
    }
    if (body.hasNonNull("expiresAt")) {
      throw BodySchema.invalid(
          "expiresAt is a hard deadline and timeoutConfig one that moves; give one of them");
    }
    TimeoutTiers.Outcome outcome =
        TimeoutTiers.create(
            limits, limits.defaults(), TimeoutFields.read(body.get("timeoutConfig")));
    if (outcome instanceof TimeoutTiers.Outcome.Accepted accepted) {
      return accepted.policy();
    }
    throw BodySchema.invalid("timeoutConfig: " + ((TimeoutTiers.Outcome.Refused) outcome).reason());
  }

  private static @Nullable String text(JsonNode body, String field) {
    return body.hasNonNull(field) ? body.get(field).textValue() : null;
  }
}
