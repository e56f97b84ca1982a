package dev.parley.entity.remote;

import dev.parley.entity.remote.proto.AppendCommand;
import dev.parley.entity.remote.proto.Ask;
import dev.parley.entity.remote.proto.Bare;
import dev.parley.entity.remote.proto.CloseCommand;
import dev.parley.entity.remote.proto.CompleteCommand;
import dev.parley.entity.remote.proto.ContinueCommand;
import dev.parley.entity.remote.proto.EndTurnCommand;
import dev.parley.entity.remote.proto.PartId;
import dev.parley.entity.remote.proto.RecallCommand;
import dev.parley.entity.remote.proto.SendCommand;
import dev.parley.entity.remote.proto.SeriesCommand;
import dev.parley.entity.remote.proto.TouchCommand;
import dev.parley.entity.remote.proto.WaitCommand;
import dev.parley.journal.EventCodec;
import dev.parley.journal.LifetimeCodec;
import dev.parley.journal.TurnCodec;
import dev.parley.journal.WaitCodec;
import dev.parley.session.Direction;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionCommand.Append;
import dev.parley.session.SessionCommand.Draft;
import dev.parley.session.Waitpoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Commands as they stand in {@link Ask}. */
final class CommandCodec {
  /** What a session asks itself, and therefore never leaves its node. */
  static final Set<Class<? extends SessionCommand>> LOCAL =
      Set.of(SessionCommand.ResumeTurn.class, SessionCommand.CallbackTried.class);

  private CommandCodec() {}

  static void put(SessionCommand command, Ask.Builder ask) {
    if (command instanceof Append append) {
      ask.setAppend(toProto(append));
    } else if (command instanceof SessionCommand.AppendSeries series) {
      SeriesCommand.Builder builder = SeriesCommand.newBuilder();
      series.appends().forEach(append -> builder.addAppends(toProto(append)));
      ask.setSeries(builder);
    } else if (command instanceof SessionCommand.Send send) {
      ask.setSend(toProto(send));
    } else if (command instanceof SessionCommand.Touch touch) {
      ask.setTouch(TouchCommand.newBuilder().setActivity(touch.activity().cause()));
    } else if (command instanceof SessionCommand.Create create) {
      ask.setCreate(RowCodec.toProto(create));
    } else if (command instanceof SessionCommand.Update update) {
      ask.setUpdate(RowCodec.toProto(update));
    } else if (command instanceof SessionCommand.Close close) {
      ask.setClose(toProto(close));
    } else if (command instanceof SessionCommand.EndAndContinue swap) {
      ask.setEndAndContinue(
          ContinueCommand.newBuilder()
              .setCallingRunId(swap.callingRunId())
              .setNewRunId(swap.newRunId()));
    } else if (command instanceof SessionCommand.ChangeTimeout change) {
      ask.setChangeTimeout(RowCodec.toProto(change));
    } else if (command instanceof SessionCommand.Wait wait) {
      ask.setWait(toProto(wait));
    } else if (command instanceof SessionCommand.CompleteWait complete) {
      ask.setCompleteWait(toProto(complete));
    } else if (command instanceof SessionCommand.Purge) {
      ask.setPurge(Bare.getDefaultInstance());
    } else if (command instanceof SessionCommand.Wake) {
      ask.setWake(Bare.getDefaultInstance());
    } else if (command instanceof SessionCommand.EndTurn end) {
      ask.setEndTurn(toProto(end));
    } else if (command instanceof SessionCommand.Portray) {
      ask.setPortray(Bare.getDefaultInstance());
    } else if (command instanceof SessionCommand.Abandon) {
      ask.setAbandon(Bare.getDefaultInstance());
    } else if (command instanceof SessionCommand.Recall recall) {
      ask.setRecall(
          RecallCommand.newBuilder()
              .setChannel(recall.channel().name())
              .setOut(recall.channel().direction() == Direction.OUT)
              .setBatches(recall.batches())
              .setFromSeq(recall.fromSeq()));
    } else if (command instanceof SessionCommand.Restore restore) {
      ask.setRestore(RestoreMessages.toProto(restore));
    } else {
      throw MessageSerializer.unknown(command);
    }
  }

  static SessionCommand command(Ask ask) {
    return switch (ask.getCommandCase()) {
      case APPEND -> append(ask.getAppend());
      case SERIES ->
          new SessionCommand.AppendSeries(
              ask.getSeries().getAppendsList().stream().map(CommandCodec::append).toList());
      case SEND ->
          new SessionCommand.Send(
              RecordCodec.message(ask.getSend().getMessage()),
              ask.getSend().hasPart() ? partId(ask.getSend().getPart()) : null);
      case TOUCH -> new SessionCommand.Touch(LifetimeCodec.activity(ask.getTouch().getActivity()));
      case CREATE -> RowCodec.create(ask.getCreate());
      case UPDATE -> RowCodec.update(ask.getUpdate());
      case CLOSE -> close(ask.getClose());
      case END_AND_CONTINUE ->
          new SessionCommand.EndAndContinue(
              ask.getEndAndContinue().getCallingRunId(), ask.getEndAndContinue().getNewRunId());
      case CHANGE_TIMEOUT -> RowCodec.changeTimeout(ask.getChangeTimeout());
      case WAIT -> wait(ask.getWait());
      case COMPLETE_WAIT -> complete(ask.getCompleteWait());
      case PURGE -> new SessionCommand.Purge();
      case WAKE -> new SessionCommand.Wake();
      case END_TURN -> endTurn(ask.getEndTurn());
      case PORTRAY -> new SessionCommand.Portray();
      case ABANDON -> new SessionCommand.Abandon();
      case RECALL ->
          new SessionCommand.Recall(
              EventCodec.channel(ask.getRecall().getChannel(), ask.getRecall().getOut()),
              ask.getRecall().getBatches(),
              ask.getRecall().getFromSeq());
      case RESTORE -> RestoreMessages.restore(ask.getRestore());
      case COMMAND_NOT_SET ->
          throw new IllegalArgumentException("a command that this version does not know");
    };
  }

  private static AppendCommand toProto(Append append) {
    AppendCommand.Builder builder =
        AppendCommand.newBuilder()
            .setChannel(append.channel().name())
            .setOut(append.channel().direction() == Direction.OUT)
            .setRowRequired(append.rowRequired())
            .setFormed(append.formed());
    for (Draft record : append.records()) {
      builder.addRecords(RecordCodec.toProto(record));
    }
    if (append.partId() != null) {
      builder.setPart(toProto(append.partId()));
    }
    if (append.matchSeq() != null) {
      builder.setMatchSeq(append.matchSeq());
    }
    if (append.fencingToken() != null) {
      builder.setFencingToken(append.fencingToken());
    }
    if (append.turn() != null) {
      builder.setTurn(TurnCodec.toProto(append.turn()));
    }
    return builder.build();
  }

  private static Append append(AppendCommand append) {
    List<Draft> records = new ArrayList<>(append.getRecordsCount());
    append.getRecordsList().forEach(record -> records.add(RecordCodec.draft(record)));
    return new Append(
        EventCodec.channel(append.getChannel(), append.getOut()),
        records,
        append.hasPart() ? partId(append.getPart()) : null,
        append.hasMatchSeq() ? append.getMatchSeq() : null,
        append.hasFencingToken() ? append.getFencingToken() : null,
        append.getRowRequired(),
        append.getFormed(),
        append.hasTurn() ? TurnCodec.fromProto(append.getTurn()) : null);
  }

  private static SendCommand toProto(SessionCommand.Send send) {
    SendCommand.Builder builder =
        SendCommand.newBuilder().setMessage(RecordCodec.toProto(send.message()));
    if (send.partId() != null) {
      builder.setPart(toProto(send.partId()));
    }
    return builder.build();
  }

  private static PartId toProto(dev.parley.session.PartId part) {
    return PartId.newBuilder().setHigh(part.high()).setLow(part.low()).build();
  }

  private static dev.parley.session.@Nullable PartId partId(PartId part) {
    return new dev.parley.session.PartId(part.getHigh(), part.getLow());
  }

  private static CloseCommand toProto(SessionCommand.Close close) {
    CloseCommand.Builder builder = CloseCommand.newBuilder().setRecordId(close.recordId());
    if (close.reason() != null) {
      builder.setReason(close.reason());
    }
    if (close.callingRunId() != null) {
      builder.setCallingRunId(close.callingRunId());
    }
    return builder.build();
  }

  private static SessionCommand close(CloseCommand close) {
    return new SessionCommand.Close(
        close.hasReason() ? close.getReason() : null,
        close.hasCallingRunId() ? close.getCallingRunId() : null,
        close.getRecordId());
  }

  /** As the waitpoint that it leads to, whose time of creation only the session knows. */
  private static WaitCommand toProto(SessionCommand.Wait wait) {
    return WaitCommand.newBuilder()
        .setWaitpoint(
            WaitCodec.toProto(
                new Waitpoint(
                    wait.id(),
                    wait.channel(),
                    wait.afterSeq(),
                    Instant.EPOCH,
                    wait.timeoutAt(),
                    wait.tags(),
                    wait.idempotencyKey(),
                    wait.idempotencyKeyExpiresAt(),
                    null,
                    wait.callback())))
        .setRowRequired(wait.rowRequired())
        .build();
  }

  private static SessionCommand wait(WaitCommand wait) {
    Waitpoint waitpoint = WaitCodec.fromProto(wait.getWaitpoint());
    return new SessionCommand.Wait(
        waitpoint.id(),
        waitpoint.channel(),
        waitpoint.afterSeq(),
        waitpoint.timeoutAt(),
        waitpoint.tags(),
        waitpoint.idempotencyKey(),
        waitpoint.idempotencyKeyExpiresAt(),
        waitpoint.callback(),
        wait.getRowRequired());
  }

  private static CompleteCommand toProto(SessionCommand.CompleteWait complete) {
    CompleteCommand.Builder builder = CompleteCommand.newBuilder().setId(complete.id());
    if (complete.data() != null) {
      builder.setData(complete.data());
    }
    return builder.build();
  }

  private static SessionCommand complete(CompleteCommand complete) {
    return new SessionCommand.CompleteWait(
        complete.getId(), complete.hasData() ? complete.getData() : null);
  }

  private static EndTurnCommand toProto(SessionCommand.EndTurn end) {
    EndTurnCommand.Builder builder =
        EndTurnCommand.newBuilder()
            .setTurn(TurnCodec.toProto(end.turn()))
            .setOutcome(TurnCodec.toProto(end.outcome()));
    if (end.answer() != null) {
      builder.setAnswer(RecordCodec.toProto(end.answer()));
    }
    if (end.error() != null) {
      builder.setError(end.error());
    }
    return builder.build();
  }

  private static SessionCommand endTurn(EndTurnCommand end) {
    return new SessionCommand.EndTurn(
        TurnCodec.fromProto(end.getTurn()),
        TurnCodec.fromProto(end.getOutcome()),
        end.hasAnswer() ? RecordCodec.message(end.getAnswer()) : null,
        end.hasError() ? end.getError() : null);
  }
}
