package dev.parley.http.messaging;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Json;
import dev.parley.session.IsoTime;
import dev.parley.session.Lifetime;
import java.time.Duration;
import java.time.Instant;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * An error of this face (eliza.md section 7).
 *
 * @param details shown inside {@code error} and at the top; null for none
 * @param unsuccessful whether the body also says {@code "success":false}, as some do (section 1)
 * @param retryAfter when the client may come again, if that can be said
 */
record MessagingError(
    int status,
    String code,
    String message,
    @Nullable ObjectNode details,
    boolean unsuccessful,
    @Nullable Duration retryAfter) {
  private static final AttributeKey<String> CODE = AttributeKey.create("error", String.class);
  private static final String VALIDATION = "VALIDATION_ERROR";

  static MessagingError of(int status, String code, String message, @Nullable ObjectNode details) {
    return new MessagingError(status, code, message, details, false, null);
  }

  /** An error found before any session is looked at (section 1). */
  static MessagingError ofTransport(int status, String code, String message) {
    return new MessagingError(status, code, message, null, true, null);
  }

  static MessagingError unauthorized() {
    return of(
        401,
        "UNAUTHORIZED",
        "Unauthorized: API key required. Send the server's key in the X-API-KEY header.",
        null);
  }

  static MessagingError invalidJson() {
    return of(400, "INVALID_JSON", "The body is no JSON object", null);
  }

  static MessagingError sessionNotFound(String sessionId) {
    return of(
        404,
        "SESSION_NOT_FOUND",
        "Session with ID '%s' not found".formatted(sessionId),
        Json.object().put("sessionId", sessionId));
  }

  static MessagingError channelNotFound(String channelId) {
    return of(
        404,
        "CHANNEL_NOT_FOUND",
        "Channel with ID '%s' not found".formatted(channelId),
        Json.object().put("channelId", channelId));
  }

  static MessagingError sessionExpired(String sessionId, Instant expiresAt) {
    String end = IsoTime.format(expiresAt);
    return of(
        410,
        "SESSION_EXPIRED",
        "Session '%s' expired at %s".formatted(sessionId, end),
        Json.object().put("sessionId", sessionId).put("expiresAt", end));
  }

  /** Closed over another face (across.md section 1). */
  static MessagingError sessionClosed(
      String sessionId, Instant closedAt, @Nullable String reason, Instant expiresAt) {
    return of(
        410,
        "SESSION_CLOSED",
        "Session '%s' was closed at %s".formatted(sessionId, IsoTime.format(closedAt)),
        Json.object()
            .put("sessionId", sessionId)
            .put("expiresAt", IsoTime.format(expiresAt))
            .put("closedAt", IsoTime.format(closedAt))
            .put("closedReason", reason));
  }

  static MessagingError atMaximum(String sessionId, Lifetime lifetime) {
    ObjectNode details = Json.object().put("sessionId", sessionId);
    SessionView.putMinutes(details, "maxDurationMinutes", lifetime.policy().maxDurationMinutes());
    details.put("createdAt", IsoTime.format(lifetime.createdAt()));
    details.put("expiresAt", IsoTime.format(lifetime.expiresAt()));
    return of(
        422,
        "SESSION_RENEWAL_FAILED",
        "Cannot renew session '%s': Maximum duration reached".formatted(sessionId),
        details);
  }

  static MessagingError agentNotFound(String agentId) {
    return of(
        404,
        "AGENT_NOT_FOUND",
        "Agent with ID '%s' not found".formatted(agentId),
        Json.object().put("agentId", agentId));
  }

  /** Names every required field, whichever is missing. */
  static MessagingError missingFields(String... fields) {
    ObjectNode details = Json.object();
    for (String field : fields) {
      details.withArray("missingFields").add(field);
    }
    String names = String.join(", ", fields);
    return of(400, VALIDATION, "Missing required fields: " + names, details);
  }

  static MessagingError invalidUuid(String field) {
    return of(
        400,
        VALIDATION,
        "Invalid UUID format for field '%s'".formatted(field),
        Json.object().put("field", field));
  }

  static MessagingError invalidContent(String reason) {
    return of(400, VALIDATION, "Invalid content: " + reason, Json.object().put("reason", reason));
  }

  /** Nothing was stored; the agent may come back (section 8). */
  static MessagingError agentNotAvailable(String agentId, Duration retryAfter) {
    return new MessagingError(
        503,
        "AGENT_NOT_AVAILABLE",
        "Agent with ID '%s' is not available at the moment, nothing was stored".formatted(agentId),
        Json.object().put("agentId", agentId),
        false,
        retryAfter);
  }

  /** The message is stored, but there is no answer to it. */
  static MessagingError notAnswered(String sessionId, String messageId, String reason) {
    return of(
        500,
        "MESSAGE_SEND_FAILED",
        "Failed to send message in session '%s': %s".formatted(sessionId, reason),
        Json.object().put("sessionId", sessionId).put("messageId", messageId));
  }

  /** A repetition of a message that was trimmed away since. */
  static MessagingError messageGone(String sessionId) {
    return of(
        409,
        "MESSAGE_GONE",
        "The message was sent to session '%s' before and is not kept any more".formatted(sessionId),
        Json.object().put("sessionId", sessionId));
  }

  static MessagingError invalidMetadata(String reason) {
    return of(400, VALIDATION, "Invalid metadata: " + reason, Json.object().put("reason", reason));
  }

  static MessagingError invalidTimeout(String reason) {
    return of(
        400,
        VALIDATION,
        "Invalid timeout configuration: " + reason,
        Json.object().put("reason", reason));
  }

  static MessagingError invalidPagination(String parameter, String value, String reason) {
    return of(
        400,
        VALIDATION,
        "Invalid pagination parameter '%s': %s".formatted(parameter, reason),
        Json.object().put("parameter", parameter).put("value", value).put("reason", reason));
  }

  /** 503: nothing was done, or nobody knows; the client may try again. */
  static MessagingError unavailable(String message, Duration retryAfter) {
    return new MessagingError(503, "SERVICE_UNAVAILABLE", message, null, false, retryAfter);
  }

  MessagingRefused refused() {
    return new MessagingRefused(this);
  }

  /** The body where the status can't say that it is one of an error. */
  ObjectNode unsuccessfulBody(Instant now) {
    return Json.object().put("success", false).setAll(body(now));
  }

  private ObjectNode body(Instant now) {
    ObjectNode body = Json.object();
    if (unsuccessful) {
      body.put("success", false);
    }
    ObjectNode error =
        body.putObject("error")
            .put("code", code)
            .put("message", message)
            .put("timestamp", IsoTime.format(now));
    if (details != null) {
      error.set("details", details);
      body.set("details", details);
    }
    return body;
  }

  /** The code of the error that was answered; empty for none. */
  static String codeOf(HttpResponse response) {
    return response.getAttribute(CODE).orElse("");
  }

  HttpResponse response(Instant now) {
    HttpResponse response = Answers.json(status, body(now)).addAttribute(CODE, code);
    return retryAfter == null ? response : Answers.retryLater(response, retryAfter);
  }
}
