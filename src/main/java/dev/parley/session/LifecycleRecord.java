package dev.parley.session;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A record that the server itself writes about the life of a session (across.md section 2,
 * trigger.md section 3.5).
 *
 * @param data the envelope's data as JSON text
 * @param id the envelope's id; null takes one from the record's place, which nobody else uses on a
 *     channel that the server alone writes
 */
record LifecycleRecord(String data, @Nullable String id) {
  static LifecycleRecord created(Instant at) {
    return new LifecycleRecord(
        "{\"type\":\"created\",\"at\":\"" + IsoTime.format(at) + "\"}", null);
  }

  static LifecycleRecord closed(Instant at, @Nullable String reason) {
    return new LifecycleRecord(
        "{\"type\":\"closed\",\"at\":\""
            + IsoTime.format(at)
            + "\",\"reason\":"
            + (reason == null ? "null" : Envelope.quote(reason))
            + "}",
        null);
  }

  static LifecycleRecord deleted(Instant at) {
    return new LifecycleRecord(
        "{\"type\":\"deleted\",\"at\":\"" + IsoTime.format(at) + "\"}", null);
  }

  static LifecycleRecord warning(Instant at, Instant expiresAt, long minutesRemaining) {
    return new LifecycleRecord(
        "{\"type\":\"warning\",\"at\":\"%s\",\"expiresAt\":\"%s\",\"minutesRemaining\":%d}"
            .formatted(IsoTime.format(at), IsoTime.format(expiresAt), minutesRemaining),
        null);
  }

  static LifecycleRecord renewed(SessionEvent.Touched touched) {
    Lifetime lifetime = touched.lifetime();
    return new LifecycleRecord(
        "{\"type\":\"renewed\",\"at\":\"%s\",\"expiresAt\":\"%s\",\"renewalCount\":%d,\"cause\":\"%s\"}"
            .formatted(
                IsoTime.format(touched.at()),
                IsoTime.format(lifetime.expiresAt()),
                lifetime.renewalCount(),
                touched.cause().cause()),
        null);
  }

  static LifecycleRecord expired(Instant at, Instant expiresAt) {
    return new LifecycleRecord(
        "{\"type\":\"expired\",\"at\":\"%s\",\"expiresAt\":\"%s\",\"noticedAt\":\"%s\"}"
            .formatted(IsoTime.format(at), IsoTime.format(expiresAt), IsoTime.format(at)),
        null);
  }

  /** What makes an agent that is parked on {@code .in} look up and leave. */
  static LifecycleRecord wakeUp(String chatId, String id) {
    String message =
        "{\"kind\":\"message\",\"payload\":{\"chatId\":"
            + Envelope.quote(chatId)
            + ",\"trigger\":\"close\"}}";
    return new LifecycleRecord(Envelope.quote(message), id);
  }

  /** The record at the end of the lifecycle channel. */
  StreamAppend place(Session session, Instant now) {
    return place(session, Channel.LIFECYCLE, now);
  }

  StreamAppend place(Session session, Channel channel, Instant now) {
    ChannelState state = session.channel(channel);
    RecordContent content = RecordContent.of(envelope(state.nextSeq()));
    return new Placement(session, now.toEpochMilli(), false)
        .place(SessionCommand.Append.single(channel, content, null));
  }

  private Bytes envelope(long seq) {
    return Envelope.ofJson(data, id == null ? "lifecycle-" + seq : id);
  }
}
