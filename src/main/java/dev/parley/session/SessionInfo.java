package dev.parley.session;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The row of a session: what the control plane shows (trigger.md section 3.1).
 *
 * @param triggerConfig JSON object as text
 * @param metadata JSON object as text
 * @param expiresAt hard deadline, if there is one
 */
public record SessionInfo(
    @Nullable String externalId,
    String type,
    String taskIdentifier,
    String triggerConfig,
    List<String> tags,
    @Nullable String metadata,
    String currentRunId,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant expiresAt,
    @Nullable Instant closedAt,
    @Nullable String closedReason) {
  public SessionInfo {
    tags = List.copyOf(tags);
  }

  /** The derived status: closed wins over expired (trigger.md section 3). */
  public SessionStatus status(Instant now) {
    if (closedAt != null) {
      return SessionStatus.CLOSED;
    }
    return expiresAt != null && !expiresAt.isAfter(now)
        ? SessionStatus.EXPIRED
        : SessionStatus.ACTIVE;
  }

  SessionInfo with(SessionEvent.Updated event) {
    return new SessionInfo(
        externalId,
        type,
        taskIdentifier,
        event.triggerConfig(),
        event.tags(),
        event.metadata(),
        currentRunId,
        createdAt,
        event.at(),
        event.expiresAt(),
        closedAt,
        closedReason);
  }

  SessionInfo with(SessionEvent.Closed event) {
    return new SessionInfo(
        externalId,
        type,
        taskIdentifier,
        triggerConfig,
        tags,
        metadata,
        currentRunId,
        createdAt,
        event.at(),
        expiresAt,
        event.at(),
        event.reason());
  }

  SessionInfo with(SessionEvent.RunSwapped event) {
    return new SessionInfo(
        externalId,
        type,
        taskIdentifier,
        triggerConfig,
        tags,
        metadata,
        event.runId(),
        createdAt,
        event.at(),
        expiresAt,
        closedAt,
        closedReason);
  }
}
