package dev.parley.journal;

import dev.parley.session.SessionInfo;
import java.time.Instant;

/** The row of a session to and from its message. */
public final class InfoCodec {
  private InfoCodec() {}

  public static dev.parley.journal.proto.SessionInfo toProto(SessionInfo info) {
    dev.parley.journal.proto.SessionInfo.Builder builder =
        dev.parley.journal.proto.SessionInfo.newBuilder()
            .setType(info.type())
            .setTaskIdentifier(info.taskIdentifier())
            .setTriggerConfig(info.triggerConfig())
            .addAllTags(info.tags())
            .setCurrentRunId(info.currentRunId())
            .setCreatedAt(info.createdAt().toEpochMilli())
            .setUpdatedAt(info.updatedAt().toEpochMilli());
    if (info.externalId() != null) {
      builder.setExternalId(info.externalId());
    }
    if (info.metadata() != null) {
      builder.setMetadata(info.metadata());
    }
    if (info.expiresAt() != null) {
      builder.setExpiresAt(info.expiresAt().toEpochMilli());
    }
    if (info.closedAt() != null) {
      builder.setClosedAt(info.closedAt().toEpochMilli());
    }
    if (info.closedReason() != null) {
      builder.setClosedReason(info.closedReason());
    }
    if (info.expiredAt() != null) {
      builder.setExpiredAt(info.expiredAt().toEpochMilli());
    }
    return builder.build();
  }

  public static SessionInfo fromProto(dev.parley.journal.proto.SessionInfo message) {
    return new SessionInfo(
        message.hasExternalId() ? message.getExternalId() : null,
        message.getType(),
        message.getTaskIdentifier(),
        message.getTriggerConfig(),
        message.getTagsList(),
        message.hasMetadata() ? message.getMetadata() : null,
        message.getCurrentRunId(),
        Instant.ofEpochMilli(message.getCreatedAt()),
        Instant.ofEpochMilli(message.getUpdatedAt()),
        EventCodec.instant(message.hasExpiresAt(), message.getExpiresAt()),
        EventCodec.instant(message.hasClosedAt(), message.getClosedAt()),
        message.hasClosedReason() ? message.getClosedReason() : null,
        EventCodec.instant(message.hasExpiredAt(), message.getExpiredAt()));
  }
}
