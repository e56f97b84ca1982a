package dev.parley.entity.remote;

import dev.parley.entity.remote.proto.AliveReply;
import dev.parley.entity.remote.proto.AppendedReply;
import dev.parley.entity.remote.proto.AwakeReply;
import dev.parley.entity.remote.proto.Bare;
import dev.parley.entity.remote.proto.ClosedReply;
import dev.parley.entity.remote.proto.ContinuedReply;
import dev.parley.entity.remote.proto.PurgedReply;
import dev.parley.entity.remote.proto.Refusal;
import dev.parley.entity.remote.proto.Reply;
import dev.parley.entity.remote.proto.RestoredReply;
import dev.parley.entity.remote.proto.SentReply;
import dev.parley.entity.remote.proto.SeriesReply;
import dev.parley.entity.remote.proto.StartedReply;
import dev.parley.entity.remote.proto.WaitpointIsReply;
import dev.parley.journal.EventCodec;
import dev.parley.journal.InfoCodec;
import dev.parley.journal.LifetimeCodec;
import dev.parley.journal.WaitCodec;
import dev.parley.session.SessionReply;
import java.time.Duration;

/** What a session answers to a command. */
final class ReplyCodec {
  private ReplyCodec() {}

  static Reply toProto(SessionReply reply) {
    Reply.Builder builder = Reply.newBuilder();
    if (reply instanceof SessionReply.Rejected rejected) {
      put(rejected, builder);
    } else if (reply instanceof SessionReply.Appended appended) {
      builder.setAppended(toProto(appended));
    } else if (reply instanceof SessionReply.SeriesAppended series) {
      SeriesReply.Builder replies = SeriesReply.newBuilder();
      series.replies().forEach(each -> replies.addReplies(toProto(each)));
      builder.setSeries(replies);
    } else if (reply instanceof SessionReply.Sent sent) {
      builder.setSent(toProto(sent));
    } else if (reply instanceof SessionReply.Alive alive) {
      builder.setAlive(
          AliveReply.newBuilder()
              .setInfo(InfoCodec.toProto(alive.info()))
              .setLifetime(LifetimeCodec.toProto(alive.lifetime()))
              .setRenewed(alive.renewed()));
    } else if (reply instanceof SessionReply.Started started) {
      builder.setStarted(
          StartedReply.newBuilder()
              .setInfo(InfoCodec.toProto(started.info()))
              .setCached(started.cached()));
    } else if (reply instanceof SessionReply.Row row) {
      builder.setRow(InfoCodec.toProto(row.info()));
    } else if (reply instanceof SessionReply.Continued continued) {
      builder.setContinued(
          ContinuedReply.newBuilder().setRunId(continued.runId()).setSwapped(continued.swapped()));
    } else if (reply instanceof SessionReply.TurnOver) {
      builder.setTurnOver(Bare.getDefaultInstance());
    } else if (reply instanceof SessionReply.WaitpointIs is) {
      builder.setWaitpointIs(
          WaitpointIsReply.newBuilder()
              .setWaitpoint(WaitCodec.toProto(is.waitpoint()))
              .setRepeated(is.repeated()));
    } else if (reply instanceof SessionReply.Awake awake) {
      AwakeReply.Builder due = AwakeReply.newBuilder();
      if (awake.nextDue() != null) {
        due.setNextDue(awake.nextDue().toEpochMilli());
      }
      builder.setAwake(due);
    } else if (reply instanceof SessionReply.Purged purged) {
      builder.setPurged(
          PurgedReply.newBuilder()
              .setVersion(purged.version())
              .setRecords(purged.records())
              .setStreams(purged.streams()));
    } else if (reply instanceof SessionReply.Portrayed portrayed) {
      builder.setPortrayed(RestoreMessages.toProto(portrayed));
    } else if (reply instanceof SessionReply.Recalled recalled) {
      builder.setRecalled(RestoreMessages.toProto(recalled));
    } else if (reply instanceof SessionReply.Restored restored) {
      builder.setRestored(
          RestoredReply.newBuilder().setRecords(restored.records()).setWhole(restored.whole()));
    } else if (reply instanceof SessionReply.OutcomeUnknown unknown) {
      builder.setOutcomeUnknown(unknown.retryAfter().toMillis());
    } else {
      throw MessageSerializer.unknown(reply);
    }
    return builder.build();
  }

  private static void put(SessionReply.Rejected rejected, Reply.Builder builder) {
    if (rejected instanceof SessionReply.Closed closed) {
      ClosedReply.Builder reply = ClosedReply.newBuilder();
      if (closed.reason() != null) {
        reply.setReason(closed.reason());
      }
      builder.setClosed(reply);
    } else if (rejected instanceof SessionReply.AtMaximum maximum) {
      builder.setAtMaximum(LifetimeCodec.toProto(maximum.lifetime()));
    } else if (rejected instanceof SessionReply.InvalidTimeout invalid) {
      builder.setInvalidTimeout(invalid.reason());
    } else if (rejected instanceof SessionReply.MessagesWanted wanted) {
      builder.setMessagesWanted(InfoCodec.toProto(wanted.info()));
    } else if (rejected instanceof SessionReply.FencingTokenMismatch mismatch) {
      builder.setFencingTokenMismatch(mismatch.current());
    } else if (rejected instanceof SessionReply.SequenceMismatch mismatch) {
      builder.setSequenceMismatch(mismatch.next());
    } else if (rejected instanceof SessionReply.InvalidAppend invalid) {
      builder.setInvalidAppend(invalid.problem());
    } else if (rejected instanceof SessionReply.CannotRestore cannot) {
      builder.setCannotRestore(cannot.problem());
    } else if (rejected instanceof SessionReply.Overloaded overloaded) {
      builder.setOverloaded(overloaded.retryAfter().toMillis());
    } else {
      builder.setRefused(refusal(rejected));
    }
  }

  private static Refusal refusal(SessionReply.Rejected rejected) {
    if (rejected instanceof SessionReply.NoSuchSession) {
      return Refusal.NO_SUCH_SESSION;
    }
    if (rejected instanceof SessionReply.Superseded) {
      return Refusal.SUPERSEDED;
    }
    if (rejected instanceof SessionReply.Expired) {
      return Refusal.EXPIRED;
    }
    if (rejected instanceof SessionReply.NoTimeout) {
      return Refusal.NO_TIMEOUT;
    }
    if (rejected instanceof SessionReply.ExternalIdFixed) {
      return Refusal.EXTERNAL_ID_FIXED;
    }
    if (rejected instanceof SessionReply.ServerOnlyChannel) {
      return Refusal.SERVER_ONLY_CHANNEL;
    }
    if (rejected instanceof SessionReply.TooManyStreams) {
      return Refusal.TOO_MANY_STREAMS;
    }
    if (rejected instanceof SessionReply.NoSuchWaitpoint) {
      return Refusal.NO_SUCH_WAITPOINT;
    }
    if (rejected instanceof SessionReply.TooManyWaitpoints) {
      return Refusal.TOO_MANY_WAITPOINTS;
    }
    if (rejected instanceof SessionReply.AlreadyThere) {
      return Refusal.ALREADY_THERE;
    }
    throw MessageSerializer.unknown(rejected);
  }

  static SessionReply reply(Reply reply) {
    return switch (reply.getReplyCase()) {
      case APPENDED -> appended(reply.getAppended());
      case SERIES ->
          new SessionReply.SeriesAppended(
              reply.getSeries().getRepliesList().stream().map(ReplyCodec::reply).toList());
      case SENT -> sent(reply.getSent());
      case ALIVE ->
          new SessionReply.Alive(
              InfoCodec.fromProto(reply.getAlive().getInfo()),
              LifetimeCodec.fromProto(reply.getAlive().getLifetime()),
              reply.getAlive().getRenewed());
      case STARTED ->
          new SessionReply.Started(
              InfoCodec.fromProto(reply.getStarted().getInfo()), reply.getStarted().getCached());
      case ROW -> new SessionReply.Row(InfoCodec.fromProto(reply.getRow()));
      case CONTINUED ->
          new SessionReply.Continued(
              reply.getContinued().getRunId(), reply.getContinued().getSwapped());
      case TURN_OVER -> new SessionReply.TurnOver();
      case WAITPOINT_IS ->
          new SessionReply.WaitpointIs(
              WaitCodec.fromProto(reply.getWaitpointIs().getWaitpoint()),
              reply.getWaitpointIs().getRepeated());
      case AWAKE ->
          new SessionReply.Awake(
              EventCodec.instant(reply.getAwake().hasNextDue(), reply.getAwake().getNextDue()));
      case PURGED ->
          new SessionReply.Purged(
              reply.getPurged().getVersion(),
              reply.getPurged().getRecords(),
              reply.getPurged().getStreams());
      case OUTCOME_UNKNOWN ->
          new SessionReply.OutcomeUnknown(Duration.ofMillis(reply.getOutcomeUnknown()));
      case OVERLOADED -> new SessionReply.Overloaded(Duration.ofMillis(reply.getOverloaded()));
      case REFUSED -> refused(reply.getRefused());
      case CLOSED ->
          new SessionReply.Closed(
              reply.getClosed().hasReason() ? reply.getClosed().getReason() : null);
      case AT_MAXIMUM -> new SessionReply.AtMaximum(LifetimeCodec.fromProto(reply.getAtMaximum()));
      case INVALID_TIMEOUT -> new SessionReply.InvalidTimeout(reply.getInvalidTimeout());
      case MESSAGES_WANTED ->
          new SessionReply.MessagesWanted(InfoCodec.fromProto(reply.getMessagesWanted()));
      case FENCING_TOKEN_MISMATCH ->
          new SessionReply.FencingTokenMismatch(reply.getFencingTokenMismatch());
      case SEQUENCE_MISMATCH -> new SessionReply.SequenceMismatch(reply.getSequenceMismatch());
      case INVALID_APPEND -> new SessionReply.InvalidAppend(reply.getInvalidAppend());
      case PORTRAYED -> RestoreMessages.portrayed(reply.getPortrayed());
      case RECALLED -> RestoreMessages.recalled(reply.getRecalled());
      case RESTORED ->
          new SessionReply.Restored(
              reply.getRestored().getRecords(), reply.getRestored().getWhole());
      case CANNOT_RESTORE -> new SessionReply.CannotRestore(reply.getCannotRestore());
      case REPLY_NOT_SET ->
          throw new IllegalArgumentException("an answer that this version does not know");
    };
  }

  private static SessionReply refused(Refusal refusal) {
    return switch (refusal) {
      case NO_SUCH_SESSION -> new SessionReply.NoSuchSession();
      case SUPERSEDED -> new SessionReply.Superseded();
      case EXPIRED -> new SessionReply.Expired();
      case NO_TIMEOUT -> new SessionReply.NoTimeout();
      case EXTERNAL_ID_FIXED -> new SessionReply.ExternalIdFixed();
      case SERVER_ONLY_CHANNEL -> new SessionReply.ServerOnlyChannel();
      case TOO_MANY_STREAMS -> new SessionReply.TooManyStreams();
      case NO_SUCH_WAITPOINT -> new SessionReply.NoSuchWaitpoint();
      case TOO_MANY_WAITPOINTS -> new SessionReply.TooManyWaitpoints();
      case ALREADY_THERE -> new SessionReply.AlreadyThere();
      case UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("a refusal that this version does not know");
    };
  }

  private static AppendedReply toProto(SessionReply.Appended appended) {
    return AppendedReply.newBuilder()
        .setStart(ReadCodec.toProto(appended.start()))
        .setEnd(ReadCodec.toProto(appended.end()))
        .setTail(ReadCodec.toProto(appended.tail()))
        .setRepeated(appended.repeated())
        .build();
  }

  private static SessionReply appended(AppendedReply appended) {
    return new SessionReply.Appended(
        ReadCodec.position(appended.getStart()),
        ReadCodec.position(appended.getEnd()),
        ReadCodec.position(appended.getTail()),
        appended.getRepeated());
  }

  private static SentReply toProto(SessionReply.Sent sent) {
    return SentReply.newBuilder()
        .setRecord(ReadCodec.toProto(sent.record()))
        .setInfo(InfoCodec.toProto(sent.info()))
        .setLifetime(LifetimeCodec.toProto(sent.lifetime()))
        .setRenewed(sent.renewed())
        .setOutSeq(sent.outSeq())
        .setRepeated(sent.repeated())
        .build();
  }

  private static SessionReply sent(SentReply sent) {
    return new SessionReply.Sent(
        ReadCodec.position(sent.getRecord()),
        InfoCodec.fromProto(sent.getInfo()),
        LifetimeCodec.fromProto(sent.getLifetime()),
        sent.getRenewed(),
        sent.getOutSeq(),
        sent.getRepeated());
  }
}
