package dev.parley.journal;

import dev.parley.journal.proto.CallbacksMoved;
import dev.parley.journal.proto.WaitOutcome;
import dev.parley.journal.proto.WaitpointCompleted;
import dev.parley.journal.proto.WaitpointCreated;
import dev.parley.journal.proto.WaitpointsTimedOut;
import dev.parley.session.Callback;
import dev.parley.session.Channel;
import dev.parley.session.Direction;
import dev.parley.session.SessionEvent;
import dev.parley.session.Waitpoint;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Waitpoints and their events to and from the messages of {@code journal.proto}. */
public final class WaitCodec {
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

  static CallbacksMoved toProto(SessionEvent.CallbacksMoved event) {
    CallbacksMoved.Builder message =
        CallbacksMoved.newBuilder()
            .addAllIds(event.ids())
            .setTries(event.tries())
            .setAt(event.at().toEpochMilli());
    if (event.nextTry() != null) {
      message.setNextTry(event.nextTry().toEpochMilli());
    }
    return message.build();
  }

  public static dev.parley.journal.proto.Waitpoint toProto(Waitpoint waitpoint) {
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
    if (waitpoint.callback() != null) {
      set(message, waitpoint.callback());
    }
    return message.build();
  }

  private static void set(dev.parley.journal.proto.Waitpoint.Builder message, Callback callback) {
    message
        .setCallbackUrl(callback.url())
        .setCallbackOrigin(callback.origin())
        .setCallbackTries(callback.tries());
    if (callback.owedSince() != null) {
      message.setCallbackOwedSince(callback.owedSince().toEpochMilli());
    }
    if (callback.nextTry() != null) {
      message.setCallbackNextTry(callback.nextTry().toEpochMilli());
    }
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

  static SessionEvent callbacksMoved(CallbacksMoved message) {
    return new SessionEvent.CallbacksMoved(
        message.getIdsList(),
        message.getTries(),
        EventCodec.instant(message.hasNextTry(), message.getNextTry()),
        Instant.ofEpochMilli(message.getAt()));
  }

  public static Waitpoint fromProto(dev.parley.journal.proto.Waitpoint message) {
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
        message.hasOutcome() ? outcome(message.getOutcome()) : null,
        callback(message));
  }

  private static @Nullable Callback callback(dev.parley.journal.proto.Waitpoint message) {
    return message.hasCallbackUrl()
        ? new Callback(
            message.getCallbackUrl(),
            message.getCallbackOrigin(),
            EventCodec.instant(message.hasCallbackOwedSince(), message.getCallbackOwedSince()),
            message.getCallbackTries(),
            EventCodec.instant(message.hasCallbackNextTry(), message.getCallbackNextTry()))
        : null;
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
