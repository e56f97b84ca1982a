package dev.parley.http.messaging.sockets;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.entity.Renewals;
import dev.parley.http.shared.Json;
import dev.parley.session.IsoTime;
import dev.parley.session.Lifetime;
import dev.parley.session.SequencedRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/** What a session's life means to its room (eliza.md section 9.4). */
final class LifecycleEvents {
  private static final Set<String> ENDS = Set.of("expired", "closed", "deleted");

  private final String sessionId;

  LifecycleEvents(String sessionId) {
    this.sessionId = sessionId;
  }

  /**
   * The event that a record of the lifecycle channel brings. Renewals are none: several share a
   * record, but each has its own event.
   */
  Optional<RoomEvent> event(SequencedRecord record) {
    JsonNode data = RecordData.of(record.content());
    return switch (data.path("type").asText()) {
      case "warning" ->
          Optional.of(
              warning(data.path("minutesRemaining").longValue(), data.path("expiresAt").asText()));
      case "expired" ->
          Optional.of(
              new RoomEvent(
                  "sessionExpired",
                  Json.object()
                      .put("sessionId", sessionId)
                      .put("expiredAt", data.path("expiresAt").asText())));
      default -> Optional.empty();
    };
  }

  /** Whether nothing can happen to the session any more. */
  static boolean isEnd(SequencedRecord record) {
    return ENDS.contains(RecordData.of(record.content()).path("type").asText());
  }

  /** The warning for who comes in when it has been given already; empty when it has not. */
  Optional<RoomEvent> missedWarning(Lifetime lifetime, Instant now) {
    return lifetime.warned() && lifetime.isNearExpiration(now)
        ? Optional.of(warning(lifetime.minutesRemaining(now), IsoTime.format(lifetime.expiresAt())))
        : Optional.empty();
  }

  private RoomEvent warning(long minutesRemaining, String expiresAt) {
    return new RoomEvent(
        "sessionExpirationWarning",
        Json.object()
            .put("sessionId", sessionId)
            .put("minutesRemaining", minutesRemaining)
            .put("expiresAt", expiresAt));
  }

  /** One event for each renewal. */
  List<RoomEvent> renewed(Renewals renewals) {
    return LongStream.rangeClosed(renewals.firstCount(), renewals.lastCount())
        .mapToObj(
            count ->
                new RoomEvent(
                    "sessionRenewed",
                    Json.object()
                        .put("sessionId", sessionId)
                        .put("expiresAt", IsoTime.format(renewals.expiresAt()))
                        .put("renewalCount", count)))
        .toList();
  }
}
