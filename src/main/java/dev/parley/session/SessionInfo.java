package dev.parley.session;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The row of a session: what the control plane shows (trigger.md section 3.1).
 *
 * @param triggerConfig JSON object as text
 * @param metadata JSON object as text
 * @param expiresAt the end, if there is one: a hard deadline, or where the timeout stands now
 * @param expiredAt the end that has come and was reported; from then on no clock matters
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
    @Nullable String closedReason,
    @Nullable Instant expiredAt) {
  /** The {@code type} of a session that holds a conversation (across.md section 1). */
  public static final String MESSAGING = "messaging";

  /** The {@code closedReason} of a session that was deleted (across.md section 1). */
  public static final String DELETED = "deleted";

  public SessionInfo {
    tags = List.copyOf(tags);
  }

  /** The derived status: closed wins over expired (trigger.md section 3). */
  public SessionStatus status(Instant now) {
    if (closedAt != null) {
      return SessionStatus.CLOSED;
    }
    boolean over = expiredAt != null || (expiresAt != null && !expiresAt.isAfter(now));
    return over ? SessionStatus.EXPIRED : SessionStatus.ACTIVE;
  }

  /** The row behind an event of its session; most events leave it as it is. */
  public SessionInfo after(SessionEvent event) {
    if (event instanceof SessionEvent.Updated updated) {
      return with(updated);
    }
    if (event instanceof SessionEvent.Closed closed) {
      return with(currentRunId, closed.at(), expiresAt, closed.at(), closed.reason(), expiredAt);
    }
    if (event instanceof SessionEvent.RunSwapped swapped) {
      return with(swapped.runId(), swapped.at(), expiresAt, closedAt, closedReason, expiredAt);
    }
    if (event instanceof SessionEvent.Touched touched) {
      return endingAt(touched.lifetime().expiresAt());
    }
    if (event instanceof SessionEvent.TimeoutChanged changed) {
      return endingAt(changed.lifetime().expiresAt());
    }
    return event instanceof SessionEvent.Expired expired
        ? with(
            currentRunId,
            updatedAt,
            expired.expiresAt(),
            closedAt,
            closedReason,
            expired.expiresAt())
        : this;
  }

  private SessionInfo with(SessionEvent.Updated event) {
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
        closedReason,
        expiredAt);
  }

  /** The row with another end. */
  SessionInfo endingAt(Instant end) {
    return with(currentRunId, updatedAt, end, closedAt, closedReason, expiredAt);
  }

  private SessionInfo with(
      String runId,
      Instant updated,
      @Nullable Instant end,
      @Nullable Instant closed,
      @Nullable String reason,
      @Nullable Instant expired) {
    return new SessionInfo(
        externalId,
        type,
        taskIdentifier,
        triggerConfig,
        tags,
        metadata,
        runId,
        createdAt,
        updated,
        end,
        closed,
        reason,
        expired);
  }
}
