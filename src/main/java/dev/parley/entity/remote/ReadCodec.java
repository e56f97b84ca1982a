package dev.parley.entity.remote;

import dev.parley.entity.ReadReply;
import dev.parley.entity.Renewals;
import dev.parley.entity.RenewalsReply;
import dev.parley.entity.WaitpointReply;
import dev.parley.entity.remote.proto.Bare;
import dev.parley.entity.remote.proto.Clockwork;
import dev.parley.entity.remote.proto.InJournal;
import dev.parley.entity.remote.proto.Inspection;
import dev.parley.entity.remote.proto.Position;
import dev.parley.journal.EventCodec;
import dev.parley.journal.InfoCodec;
import dev.parley.journal.LifetimeCodec;
import dev.parley.journal.WaitCodec;
import dev.parley.session.Activity;
import java.time.Instant;

/** What a session answers to those who look at it. */
final class ReadCodec {
  private ReadCodec() {}

  static Position toProto(dev.parley.session.Position position) {
    return Position.newBuilder().setSeq(position.seq()).setTimestamp(position.timestamp()).build();
  }

  static dev.parley.session.Position position(Position position) {
    return new dev.parley.session.Position(position.getSeq(), position.getTimestamp());
  }

  static dev.parley.entity.remote.proto.ReadReply toProto(ReadReply reply) {
    dev.parley.entity.remote.proto.ReadReply.Builder builder =
        dev.parley.entity.remote.proto.ReadReply.newBuilder();
    if (reply instanceof ReadReply.Records records) {
      builder.setRecords(RecordCodec.toProto(records.batch()));
      if (records.trace() != null) {
        builder.setTrace(TraceCodec.toProto(records.trace()));
      }
    } else if (reply instanceof ReadReply.InJournal place) {
      builder.setInJournal(
          InJournal.newBuilder()
              .setFromSeq(place.fromSeq())
              .setTail(toProto(place.tail()))
              .setFromVersion(place.fromVersion())
              .setToVersion(place.toVersion()));
    } else if (reply instanceof ReadReply.AtTail atTail) {
      builder.setAtTail(toProto(atTail.tail()));
    } else if (reply instanceof ReadReply.Gone) {
      builder.setGone(Bare.getDefaultInstance());
    } else {
      throw MessageSerializer.unknown(reply);
    }
    return builder.build();
  }

  static ReadReply reply(dev.parley.entity.remote.proto.ReadReply reply) {
    return switch (reply.getReplyCase()) {
      case RECORDS ->
          new ReadReply.Records(
              RecordCodec.batch(reply.getRecords()),
              reply.hasTrace() ? TraceCodec.fromProto(reply.getTrace()) : null);
      case IN_JOURNAL -> {
        InJournal place = reply.getInJournal();
        yield new ReadReply.InJournal(
            place.getFromSeq(),
            position(place.getTail()),
            place.getFromVersion(),
            place.getToVersion());
      }
      case AT_TAIL -> new ReadReply.AtTail(position(reply.getAtTail()));
      case GONE -> new ReadReply.Gone();
      case REPLY_NOT_SET ->
          throw new IllegalArgumentException("an answer that this version does not know");
    };
  }

  static Inspection toProto(dev.parley.entity.Inspection inspection) {
    Inspection.Builder builder =
        Inspection.newBuilder()
            .setTrimPoint(inspection.trimPoint())
            .setTail(toProto(inspection.tail()))
            .setSettled(inspection.settled())
            .setAnsweredTo(inspection.answeredTo())
            .setGeneration(inspection.generation());
    if (inspection.info() != null) {
      builder.setInfo(InfoCodec.toProto(inspection.info()));
    }
    if (inspection.clockwork() != null) {
      builder.setClockwork(toProto(inspection.clockwork()));
    }
    return builder.build();
  }

  static dev.parley.entity.Inspection inspection(Inspection inspection) {
    return new dev.parley.entity.Inspection(
        inspection.hasInfo() ? InfoCodec.fromProto(inspection.getInfo()) : null,
        inspection.hasClockwork() ? clockwork(inspection.getClockwork()) : null,
        inspection.getTrimPoint(),
        position(inspection.getTail()),
        inspection.getSettled(),
        inspection.getAnsweredTo(),
        inspection.getGeneration());
  }

  private static Clockwork toProto(dev.parley.session.Clockwork clockwork) {
    Clockwork.Builder builder =
        Clockwork.newBuilder().setLifetime(LifetimeCodec.toProto(clockwork.lifetime()));
    if (clockwork.reportedAt() != null) {
      builder.setReportedAt(clockwork.reportedAt().toEpochMilli());
    }
    if (clockwork.unreported() != null) {
      builder.setUnreported(clockwork.unreported().cause());
    }
    return builder.build();
  }

  private static dev.parley.session.Clockwork clockwork(Clockwork clockwork) {
    return new dev.parley.session.Clockwork(
        LifetimeCodec.fromProto(clockwork.getLifetime()),
        EventCodec.instant(clockwork.hasReportedAt(), clockwork.getReportedAt()),
        clockwork.hasUnreported() ? LifetimeCodec.activity(clockwork.getUnreported()) : null);
  }

  static dev.parley.entity.remote.proto.WaitpointReply toProto(WaitpointReply reply) {
    dev.parley.entity.remote.proto.WaitpointReply.Builder builder =
        dev.parley.entity.remote.proto.WaitpointReply.newBuilder();
    if (reply.waitpoint() != null) {
      builder.setWaitpoint(WaitCodec.toProto(reply.waitpoint()));
    }
    return builder.build();
  }

  static WaitpointReply waitpoint(dev.parley.entity.remote.proto.WaitpointReply reply) {
    return new WaitpointReply(
        reply.hasWaitpoint() ? WaitCodec.fromProto(reply.getWaitpoint()) : null);
  }

  static dev.parley.entity.remote.proto.RenewalsReply toProto(RenewalsReply reply) {
    dev.parley.entity.remote.proto.RenewalsReply.Builder builder =
        dev.parley.entity.remote.proto.RenewalsReply.newBuilder();
    for (Renewals renewals : reply.renewals()) {
      Activity cause = renewals.cause();
      builder.addRenewals(
          dev.parley.entity.remote.proto.Renewals.newBuilder()
              .setFirstCount(renewals.firstCount())
              .setLastCount(renewals.lastCount())
              .setExpiresAt(renewals.expiresAt().toEpochMilli())
              .setCause(cause == null ? "" : cause.cause()));
    }
    return builder.build();
  }

  static RenewalsReply renewals(dev.parley.entity.remote.proto.RenewalsReply reply) {
    return new RenewalsReply(
        reply.getRenewalsList().stream()
            .map(
                renewals ->
                    new Renewals(
                        renewals.getFirstCount(),
                        renewals.getLastCount(),
                        Instant.ofEpochMilli(renewals.getExpiresAt()),
                        renewals.getCause().isEmpty()
                            ? null
                            : LifetimeCodec.activity(renewals.getCause())))
            .toList());
  }
}
