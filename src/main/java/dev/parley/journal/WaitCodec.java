package dev.parley.journal;

import dev.parley.journal.proto.WaitOutcome;
import dev.parley.journal.proto.WaitpointCompleted;
import dev.parley.journal.proto.WaitpointCreated;
import dev.parley.journal.proto.WaitpointsTimedOut;
import dev.parley.session.Channel;
import dev.parley.session.Direction;
import dev.parley.session.SessionEvent;
import dev.parley.session.Waitpoint;
import java.time.Instant;

/** Waitpoints and their events to and from the messages of {@code journal.proto}. */
final class WaitCodec {
  private WaitCodec() {}

  static WaitpointCreated toProto(SessionEvent.WaitpointCreated event) {
    return WaitpointCreated.newBuilder().setWaitpoint(toProto(event.waitpoint())).build();
  }

  static WaitpointCompleted toProto(SessionEvent.WaitpointCompleted event) {
    return WaitpointCompleted.newBuilder()
        .setId(event.id())
        .setOutcome(toProto(event.outcome()))
        .build();
  }

  static WaitpointsTimedOut toProto(SessionEvent.WaitpointsTimedOut event) {
    return WaitpointsTimedOut.newBuilder()
        .addAllIds(event.ids())
        .setAt(event.at().toEpochMilli())
        .build();
  }

  static dev.parley.journal.proto.Waitpoint toProto(Waitpoint waitpoint) {
    dev.parley.journal.proto.Waitpoint.Builder message =
        dev.parley.journal.proto.Waitpoint.newBuilder()
            .setId(waitpoint.id())
            .setFromSeq(waitpoint.afterSeq() + 1)
            .setCreatedAt(waitpoint.createdAt().toEpochMilli())
            .addAllTags(waitpoint.tags());
    if (waitpoint.channel() != null) {
      message.setChannel(waitpoint.channel().name()).setOut(isOut(waitpoint.channel()));
    }
    if (waitpoint.timeoutAt() != null) {
      message.setTimeoutAt(waitpoint.timeoutAt().toEpochMilli());
    }
    if (waitpoint.idempotencyKey() != null) {
      message.setIdempotencyKey(waitpoint.idempotencyKey());
    }
    if (waitpoint.idempotencyKeyExpiresAt() != null) {
      message.setIdempotencyKeyExpiresAt(waitpoint.idempotencyKeyExpiresAt().toEpochMilli());
    }
    if (waitpoint.outcome() != null) {
      message.setOutcome(toProto(waitpoint.outcome()));
    }
    return message.build();
  }

  private static WaitOutcome toProto(Waitpoint.Outcome outcome) {
    WaitOutcome.Builder message =
        WaitOutcome.newBuilder().setTimedOut(outcome.timedOut()).setAt(outcome.at().toEpochMilli());
    Waitpoint.Output output = outcome.output();
    if (output != null) {
      message
          .setOutputChannel(output.channel().name())
          .setOutputOut(isOut(output.channel()))
          .setOutputFromSeq(output.fromSeq());
    }
    return message.build();
  }

  static SessionEvent created(WaitpointCreated message) {
    return new SessionEvent.WaitpointCreated(fromProto(message.getWaitpoint()));
  }

  static SessionEvent completed(WaitpointCompleted message) {
    return new SessionEvent.WaitpointCompleted(message.getId(), outcome(message.getOutcome()));
  }

  static SessionEvent timedOut(WaitpointsTimedOut message) {
    return new SessionEvent.WaitpointsTimedOut(
        message.getIdsList(), Instant.ofEpochMilli(message.getAt()));
  }

  static Waitpoint fromProto(dev.parley.journal.proto.Waitpoint message) {
    return new Waitpoint(
        message.getId(),
        message.hasChannel() ? EventCodec.channel(message.getChannel(), message.getOut()) : null,
        message.getFromSeq() - 1,
        Instant.ofEpochMilli(message.getCreatedAt()),
        EventCodec.instant(message.hasTimeoutAt(), message.getTimeoutAt()),
        message.getTagsList(),
        message.hasIdempotencyKey() ? message.getIdempotencyKey() : null,
        EventCodec.instant(
            message.hasIdempotencyKeyExpiresAt(), message.getIdempotencyKeyExpiresAt()),
        message.hasOutcome() ? outcome(message.getOutcome()) : null);
  }

  private static Waitpoint.Outcome outcome(WaitOutcome message) {
    return new Waitpoint.Outcome(
        message.getTimedOut(),
        Instant.ofEpochMilli(message.getAt()),
        message.hasOutputChannel()
            ? new Waitpoint.Output(
                EventCodec.channel(message.getOutputChannel(), message.getOutputOut()),
                message.getOutputFromSeq())
            : null);
  }

  private static boolean isOut(Channel channel) {
    return channel.direction() == Direction.OUT;
  }
}
