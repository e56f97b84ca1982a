package dev.parley.entity.remote;

import dev.parley.entity.Inspection;
import dev.parley.entity.ReadReply;
import dev.parley.entity.RecordBatch;
import dev.parley.entity.Renewals;
import dev.parley.entity.RenewalsReply;
import dev.parley.entity.SessionMessage;
import dev.parley.entity.WaitpointReply;
import dev.parley.session.Activity;
import dev.parley.session.Bytes;
import dev.parley.session.Callback;
import dev.parley.session.Channel;
import dev.parley.session.ChannelState;
import dev.parley.session.Clockwork;
import dev.parley.session.Direction;
import dev.parley.session.Given;
import dev.parley.session.Header;
import dev.parley.session.Lifetime;
import dev.parley.session.Message;
import dev.parley.session.PartId;
import dev.parley.session.PartIdWindow;
import dev.parley.session.Position;
import dev.parley.session.RecordContent;
import dev.parley.session.RestoredPiece;
import dev.parley.session.SequencedRecord;
import dev.parley.session.Session;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionCommand.Append;
import dev.parley.session.SessionCommand.Draft;
import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import dev.parley.session.SessionReply;
import dev.parley.session.SettingValue;
import dev.parley.session.SparseIndex;
import dev.parley.session.StreamAppend;
import dev.parley.session.TimeoutLimits;
import dev.parley.session.TimeoutPolicy;
import dev.parley.session.TimeoutRequest;
import dev.parley.session.Turn;
import dev.parley.session.TurnOutcome;
import dev.parley.session.Turns;
import dev.parley.session.Waitpoint;
import dev.parley.session.Waitpoints;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/** At least one message of each kind, with everything in it that can be. */
final class Examples {
  static final Instant AT = Instant.ofEpochMilli(1_795_166_745_123L);
  static final Duration WAIT = Duration.ofMillis(1_500);
  static final PartId PART = new PartId(0x0102030405060708L, -2);
  static final TimeoutPolicy POLICY = new TimeoutPolicy(5.5, true, 60, 2);
  static final Lifetime LIFETIME =
      new Lifetime(AT, AT.plusMillis(1), AT.plusMillis(2), 3, POLICY, true, false);
  static final SessionInfo INFO =
      new SessionInfo(
          "chat-é",
          "chat",
          "task",
          "{}",
          List.of("a", "b"),
          "{\"k\":1}",
          "run_1",
          AT,
          AT.plusMillis(1),
          AT.plusMillis(2),
          AT.plusMillis(3),
          "done",
          AT.plusMillis(4));
  static final RecordContent RECORD =
      new RecordContent(
          List.of(
              new Header(Bytes.utf8("n"), Bytes.utf8("v")),
              new Header(Bytes.utf8("m"), Bytes.EMPTY)),
          Bytes.utf8("{\"data\":1}"));
  static final Message MESSAGE =
      new Message(
          "m1", Message.Role.AGENT, "half \uD83D here", "agent", "m0", "\"metadata\":{}", "r1");
  static final Waitpoint WAITPOINT =
      new Waitpoint(
          "w",
          Channel.OUT,
          4,
          AT,
          AT.plusMillis(1),
          List.of("t"),
          "k",
          AT.plusMillis(2),
          new Waitpoint.Outcome(false, AT, new Waitpoint.Output(Channel.OUT, 5)),
          new Callback("http://a/b", "http://p", AT, 3, AT.plusMillis(4)));

  static final PartIdWindow.Block BLOCK =
      new PartIdWindow.Block(
          AT.toEpochMilli(), new long[] {-1, 5}, new long[] {6, 7}, new long[] {3, 8});
  static final Session PORTRAIT =
      Session.restore(
          SessionId.ofExternal("env", "chat-é"),
          INFO,
          0,
          Map.of(
              Channel.IN,
              new ChannelState(
                  9,
                  4,
                  "fence",
                  AT.toEpochMilli(),
                  true,
                  8,
                  77,
                  SparseIndex.EMPTY,
                  PartIdWindow.EMPTY,
                  PartIdWindow.NO_BATCHES)),
          Waitpoints.of(List.of(WAITPOINT)),
          new Clockwork(LIFETIME, AT, Activity.MANUAL),
          new Turns("agent", 6, new Turn(7, 2, AT)),
          AT.toEpochMilli());

  private final Map<String, Object> all = new LinkedHashMap<>();
  private final ActorRef<SessionReply> replyTo;

  private Examples(ActorRef<SessionReply> replyTo) {
    this.replyTo = replyTo;
  }

  static Map<String, Object> of(ActorRef<?> nobody) {
    Examples examples = new Examples(nobody.unsafeUpcast());
    examples.commands();
    examples.questions(nobody);
    examples.replies();
    examples.refusals();
    examples.reads();
    examples.copies();
    return examples.all;
  }

  static Append append() {
    return new Append(
        new Channel("side", Direction.OUT),
        List.of(
            new Draft(AT.toEpochMilli(), RECORD),
            new Draft(null, RecordContent.of(Bytes.EMPTY)),
            Draft.of(MESSAGE)),
        PART,
        7L,
        "fence",
        true,
        true,
        new Turn(7, 2, AT));
  }

  private void ask(String name, SessionCommand command) {
    all.put("ask-" + name, new SessionMessage.Ask(command, 9, replyTo));
  }

  private void reply(String name, SessionReply reply) {
    all.put("reply-" + name, reply);
  }

  private void commands() {
    ask("append", append());
    all.put(
        "ask-append-bare",
        new SessionMessage.Ask(
            Append.single(Channel.IN, RecordContent.of(Bytes.utf8("x")), null), replyTo));
    ask("series", new SessionCommand.AppendSeries(List.of(append(), append())));
    ask("send", new SessionCommand.Send(MESSAGE, PART));
    ask("touch", new SessionCommand.Touch(Activity.HEARTBEAT));
    ask(
        "create",
        new SessionCommand.Create(
            "chat-é", "chat", "task", "{}", List.of("a"), "{}", AT, POLICY, "agent", "run_1"));
    ask(
        "create-bare",
        new SessionCommand.Create(
            null, "chat", "task", "{}", null, null, null, null, null, "run_1"));
    ask("update", new SessionCommand.Update(List.of(), new Given<>("{}"), new Given<>(null)));
    ask("update-bare", new SessionCommand.Update(null, null, null));
    ask("close", new SessionCommand.Close("done", "run_1", "r1"));
    ask("end-and-continue", new SessionCommand.EndAndContinue("run_1", "run_2"));
    ask(
        "change-timeout",
        new SessionCommand.ChangeTimeout(
            TimeoutLimits.STANDARD,
            new TimeoutRequest(
                new SettingValue.OfNumber(1.5),
                new SettingValue.OfBoolean(false),
                new SettingValue.OfText("12"),
                new SettingValue.Other("null"))));
    ask(
        "change-nothing",
        new SessionCommand.ChangeTimeout(TimeoutLimits.STANDARD, TimeoutRequest.EMPTY));
    ask(
        "wait",
        new SessionCommand.Wait(
            "w",
            Channel.IN,
            -1,
            AT,
            List.of("t"),
            "k",
            AT.plusMillis(1),
            Callback.to("http://a/b", "http://p"),
            true));
    ask("complete-wait", new SessionCommand.CompleteWait("w", "{}"));
    ask("purge", new SessionCommand.Purge());
    ask("wake", new SessionCommand.Wake());
    ask(
        "end-turn",
        new SessionCommand.EndTurn(new Turn(7, 2, AT), TurnOutcome.STOPPED, MESSAGE, "{}"));
  }

  private void copies() {
    ask("portray", new SessionCommand.Portray());
    ask("recall", new SessionCommand.Recall(Channel.OUT, true, 7));
    ask("abandon", new SessionCommand.Abandon());
    ask(
        "restore",
        new SessionCommand.Restore(
            PORTRAIT,
            List.of(
                new RestoredPiece.Records(
                    new StreamAppend(
                        new Channel("side", Direction.OUT),
                        2,
                        List.of(
                            new StreamAppend.Entry(5, RecordContent.of(Bytes.EMPTY)),
                            new StreamAppend.Entry(6, RECORD, true)),
                        null)),
                new RestoredPiece.Trimmed(Channel.IN, 4),
                new RestoredPiece.PartIds(Channel.OUT, true, BLOCK)),
            true));
    reply("portrayed", new SessionReply.Portrayed(PORTRAIT, 9, 3, true));
    reply("recalled", new SessionReply.Recalled(List.of(BLOCK, BLOCK)));
    reply("restored", new SessionReply.Restored(7, true));
    reply("already-there", new SessionReply.AlreadyThere());
    reply("cannot-restore", new SessionReply.CannotRestore("out: no record 7"));
  }

  private void questions(ActorRef<?> nobody) {
    all.put("inspect", new SessionMessage.Inspect(Channel.OUT, nobody.unsafeUpcast()));
    all.put("locate", new SessionMessage.Locate(Channel.OUT, 5, nobody.unsafeUpcast()));
    all.put("watch", new SessionMessage.Watch("w", WAIT, nobody.unsafeUpcast()));
    all.put("watch-renewals", new SessionMessage.WatchRenewals(3, WAIT, nobody.unsafeUpcast()));
    all.put(
        "read", new SessionMessage.Read(Channel.OUT, 9, 100, 524_288, WAIT, nobody.unsafeUpcast()));
    all.put("stop-turn", new SessionMessage.StopTurn(replyTo));
    all.put("callback-done", new SessionMessage.CallbackDone("w", true));
  }

  private void replies() {
    SessionReply.Appended appended =
        new SessionReply.Appended(new Position(1, 2), new Position(3, 4), new Position(5, 6), true);
    reply("appended", appended);
    reply(
        "series",
        new SessionReply.SeriesAppended(List.of(appended, new SessionReply.Closed("done"))));
    reply("sent", new SessionReply.Sent(new Position(1, 2), INFO, LIFETIME, true, 7, true));
    reply("alive", new SessionReply.Alive(INFO, LIFETIME, true));
    reply("started", new SessionReply.Started(INFO, true));
    reply("row", new SessionReply.Row(INFO));
    reply("continued", new SessionReply.Continued("run_2", true));
    reply("turn-over", new SessionReply.TurnOver());
    reply("waitpoint-is", new SessionReply.WaitpointIs(WAITPOINT, true));
    reply("awake", new SessionReply.Awake(AT));
    reply("awake-for-ever", new SessionReply.Awake(null));
    reply("purged", new SessionReply.Purged(9, 100, 2));
    reply("outcome-unknown", new SessionReply.OutcomeUnknown(WAIT));
  }

  private void refusals() {
    reply("overloaded", new SessionReply.Overloaded(WAIT));
    reply("closed", new SessionReply.Closed("done"));
    reply("closed-bare", new SessionReply.Closed(null));
    reply("at-maximum", new SessionReply.AtMaximum(LIFETIME));
    reply("invalid-timeout", new SessionReply.InvalidTimeout("too long"));
    reply("messages-wanted", new SessionReply.MessagesWanted(INFO));
    reply("fencing-token-mismatch", new SessionReply.FencingTokenMismatch("fence"));
    reply("sequence-mismatch", new SessionReply.SequenceMismatch(7));
    reply("invalid-append", new SessionReply.InvalidAppend("too large"));
    reply("no-such-session", new SessionReply.NoSuchSession());
    reply("superseded", new SessionReply.Superseded());
    reply("expired", new SessionReply.Expired());
    reply("no-timeout", new SessionReply.NoTimeout());
    reply("external-id-fixed", new SessionReply.ExternalIdFixed());
    reply("server-only-channel", new SessionReply.ServerOnlyChannel());
    reply("too-many-streams", new SessionReply.TooManyStreams());
    reply("no-such-waitpoint", new SessionReply.NoSuchWaitpoint());
    reply("too-many-waitpoints", new SessionReply.TooManyWaitpoints());
  }

  private void reads() {
    all.put(
        "inspection",
        new Inspection(
            INFO,
            new Clockwork(LIFETIME, AT, Activity.AGENT),
            1,
            new Position(5, 6),
            true,
            Long.MAX_VALUE,
            9));
    all.put("inspection-bare", new Inspection(null, null, 0, Position.START, false, 0, 0));
    all.put("waitpoint", new WaitpointReply(WAITPOINT));
    all.put("waitpoint-none", new WaitpointReply(null));
    all.put("renewals", new RenewalsReply(List.of(new Renewals(1, 2, AT, null))));
    all.put(
        "renewals-of-a-cause",
        new RenewalsReply(List.of(new Renewals(1, 2, AT, Activity.HEARTBEAT))));
    all.put(
        "records",
        new ReadReply.Records(
            new RecordBatch(
                List.of(
                    new SequencedRecord(7, AT.toEpochMilli(), RECORD),
                    new SequencedRecord(8, AT.toEpochMilli(), RecordContent.of(Bytes.EMPTY))),
                new Position(9, AT.toEpochMilli()))));
    all.put("in-journal", new ReadReply.InJournal(1, new Position(5, 6), 7, 8));
    all.put("at-tail", new ReadReply.AtTail(new Position(5, 6)));
    all.put("gone", new ReadReply.Gone());
  }
}
