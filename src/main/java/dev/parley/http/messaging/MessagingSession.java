package dev.parley.http.messaging;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.entity.Inspection;
import dev.parley.http.shared.Json;
import dev.parley.session.Clockwork;
import dev.parley.session.Lifetime;
import dev.parley.session.SessionInfo;
import java.util.List;
import java.util.Optional;

/**
 * A session of this face as it is now (across.md section 1).
 *
 * @param info its row; the external id is the session's id here
 */
public record MessagingSession(SessionInfo info, Lifetime lifetime, Parties parties) {
  public static final String TYPE = SessionInfo.MESSAGING;

  /**
   * Who talks, and where. Kept with the session, in what the durable face shows as the base payload
   * of its trigger configuration; ids as they were received.
   */
  public record Parties(String sessionId, String channelId, String agentId, String userId) {
    String toTriggerConfig() {
      return Json.text(
          Json.object()
              .set(
                  "basePayload",
                  Json.object()
                      .put("sessionId", sessionId)
                      .put("channelId", channelId)
                      .put("agentId", agentId)
                      .put("userId", userId)));
    }

    static Optional<Parties> ofTriggerConfig(String triggerConfig) {
      JsonNode payload = Json.parseStored(triggerConfig).path("basePayload");
      boolean whole =
          List.of("sessionId", "channelId", "agentId", "userId").stream()
              .allMatch(name -> payload.path(name).isTextual());
      return whole
          ? Optional.of(
              new Parties(
                  payload.get("sessionId").textValue(),
                  payload.get("channelId").textValue(),
                  payload.get("agentId").textValue(),
                  payload.get("userId").textValue()))
          : Optional.empty();
    }

    /** The labels by which the durable face lists the session. */
    List<String> tags() {
      return List.of(agentTag(agentId), userTag(userId));
    }

    static String agentTag(String agentId) {
      return "agent:" + agentId;
    }

    static String userTag(String userId) {
      return "user:" + userId;
    }
  }

  /** Empty when there is no such session, or it is none of this face. */
  public static Optional<MessagingSession> of(Inspection inspection) {
    SessionInfo info = inspection.info();
    Clockwork clockwork = inspection.clockwork();
    return info == null || clockwork == null ? Optional.empty() : of(info, clockwork.lifetime());
  }

  /** Empty when the session is none of this face. */
  static Optional<MessagingSession> of(SessionInfo info, Lifetime lifetime) {
    return info.type().equals(TYPE)
        ? Parties.ofTriggerConfig(info.triggerConfig())
            .map(parties -> new MessagingSession(info, lifetime, parties))
        : Optional.empty();
  }
}
