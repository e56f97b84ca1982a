package dev.parley.session;

import dev.parley.session.SessionCommand.Append;
import dev.parley.session.SessionCommand.AppendSeries;
import dev.parley.session.SessionCommand.Draft;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Random commands that meet each other often: few names, few part ids, a clock that crawls. */
final class Commands {
  static final Instant START = Instant.parse("2026-11-20T12:00:00Z");
  static final SessionId ID = SessionId.ofExternal("env", "chat");

  static final CallbackPolicy POLICY =
      new CallbackPolicy(Duration.ofMillis(20), Duration.ofSeconds(20), Duration.ofMinutes(1));

  private Commands() {}

  /** A command, or a group of appends, and how long after the one before it comes. */
  record Step(Duration later, List<SessionCommand> commands) {}

  static Arbitrary<List<Step>> steps() {
    Arbitrary<Duration> later =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(20, Arbitraries.longs().between(0, 50).map(Duration::ofMillis)),
            net.jqwik.api.Tuple.of(2, Arbitraries.of(11, 45, 90).map(Duration::ofSeconds)),
            net.jqwik.api.Tuple.of(1, Arbitraries.just(Duration.ofMinutes(4))));
    Arbitrary<SessionCommand> series =
        append().list().ofMinSize(1).ofMaxSize(3).map(AppendSeries::new);
    Arbitrary<SessionCommand> send =
        Combinators.combine(
                Arbitraries.integers().between(0, 3),
                Arbitraries.of("p1", "m1", "m2").map(PartId::of).injectNull(0.5))
            .as((id, part) -> new SessionCommand.Send(message(id, Message.Role.USER), part));
    Arbitrary<List<SessionCommand>> group =
        Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(3, append().map(append -> (SessionCommand) append)),
                net.jqwik.api.Tuple.of(1, series),
                net.jqwik.api.Tuple.of(2, send))
            .list()
            .ofMinSize(1)
            .ofMaxSize(5);
    Arbitrary<List<SessionCommand>> single = control().map(List::of);
    return Combinators.combine(
            later,
            Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(5, group), net.jqwik.api.Tuple.of(2, single)))
        .as(Step::new)
        .list()
        .ofMaxSize(60);
  }

  private static Arbitrary<SessionCommand> control() {
    Arbitrary<SessionCommand> create =
        Combinators.combine(
                Arbitraries.of("type", SessionInfo.MESSAGING),
                Arbitraries.of("agent").injectNull(0.3),
                Arbitraries.of("{}", "{\"basePayload\":{}}"),
                Arbitraries.of(List.of("a"), List.of("b", "c"), List.<String>of()).injectNull(0.3),
                Arbitraries.of("{}", "{\"k\":1}").injectNull(0.5),
                Arbitraries.of(START.plusSeconds(1), START.plusSeconds(600)).injectNull(0.9),
                Arbitraries.of(
                        new TimeoutPolicy(5, true, 12, 2),
                        new TimeoutPolicy(1, true, 60, 1),
                        new TimeoutPolicy(5, false, 60, 6))
                    .injectNull(0.4),
                Arbitraries.of("run_1", "run_2"))
            .as(
                (type, agent, config, tags, metadata, expires, timeout, run) ->
                    new SessionCommand.Create(
                        "chat", type, "task", config, tags, metadata, expires, timeout, agent,
                        run));
    Arbitrary<SessionCommand> update =
        Combinators.combine(
                Arbitraries.of(List.of("x"), List.<String>of()).injectNull(0.5),
                Arbitraries.of("{}", null).map(value -> new Given<>(value)).injectNull(0.5),
                Arbitraries.of("chat", "other", null)
                    .map(value -> new Given<>(value))
                    .injectNull(0.8))
            .as(SessionCommand.Update::new);
    Arbitrary<SessionCommand> close =
        Combinators.combine(
                Arbitraries.of("done", "bored").injectNull(0.3),
                Arbitraries.of("run_1", "run_2").injectNull(0.5))
            .as((reason, run) -> new SessionCommand.Close(reason, run, "close"));
    Arbitrary<SessionCommand> swap =
        Combinators.combine(
                Arbitraries.of("run_1", "run_2", "run_3"), Arbitraries.of("run_2", "run_3"))
            .as(SessionCommand.EndAndContinue::new);
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(6, waiting()),
        net.jqwik.api.Tuple.of(8, turns()),
        net.jqwik.api.Tuple.of(3, Arbitraries.of(Activity.class).map(SessionCommand.Touch::new)),
        net.jqwik.api.Tuple.of(6, create),
        net.jqwik.api.Tuple.of(4, update),
        net.jqwik.api.Tuple.of(1, close),
        net.jqwik.api.Tuple.of(3, swap));
  }

  private static Message message(int id, Message.Role role) {
    return new Message("id-" + id, role, "text", "author", null, "", "a longer record id");
  }

  /** An attempt that may be the one under way. */
  private static Arbitrary<Turn> turn() {
    return Combinators.combine(
            Arbitraries.longs().between(0, 6), Arbitraries.integers().between(1, 2))
        .as((seq, attempt) -> new Turn(seq, attempt, START));
  }

  private static Arbitrary<SessionCommand> turns() {
    Arbitrary<SessionCommand> end =
        Combinators.combine(
                turn(),
                Arbitraries.of(TurnOutcome.class),
                Arbitraries.integers().between(0, 3).injectNull(0.4),
                Arbitraries.of("{\"type\":\"error\"}").injectNull(0.6))
            .as(
                (turn, outcome, id, error) ->
                    new SessionCommand.EndTurn(
                        turn, outcome, id == null ? null : message(id, Message.Role.AGENT), error));
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(4, end),
        net.jqwik.api.Tuple.of(1, Arbitraries.just(new SessionCommand.ResumeTurn())));
  }

  private static Arbitrary<SessionCommand> waiting() {
    Arbitrary<SessionCommand> wait =
        Combinators.combine(
                Arbitraries.of(Channel.IN, Channel.OUT).injectNull(0.2),
                Arbitraries.longs().between(-1, 8),
                Arbitraries.longs().between(-100, 2_000).map(START::plusMillis).injectNull(0.5),
                Arbitraries.of("key-1", "key-2").injectNull(0.6),
                Arbitraries.longs().between(0, 2_000).map(START::plusMillis).injectNull(0.3),
                Arbitraries.of(true, false).list().ofSize(2),
                Arbitraries.integers().between(0, 20))
            .as(
                (channel, after, timeout, key, keyExpires, flags, id) ->
                    new SessionCommand.Wait(
                        "w" + id,
                        channel,
                        after,
                        timeout,
                        List.of(),
                        key,
                        keyExpires,
                        flags.get(1) ? Callback.to("https://x.example", "http://p") : null,
                        flags.get(0)));
    Arbitrary<SessionCommand> complete =
        Combinators.combine(
                Arbitraries.integers().between(0, 20), Arbitraries.of("1", "{}").injectNull(0.3))
            .as((id, data) -> new SessionCommand.CompleteWait("w" + id, data));
    Arbitrary<SessionCommand> tried =
        Combinators.combine(Arbitraries.integers().between(0, 20), Arbitraries.of(true, false))
            .as((id, settled) -> new SessionCommand.CallbackTried("w" + id, settled, POLICY));
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(3, tried),
        net.jqwik.api.Tuple.of(4, wait),
        net.jqwik.api.Tuple.of(2, complete),
        net.jqwik.api.Tuple.of(1, Arbitraries.just(new SessionCommand.Wake())));
  }

  private static Arbitrary<Append> append() {
    Arbitrary<Channel> channel =
        Arbitraries.of(
            Channel.IN,
            Channel.OUT,
            new Channel("side", Direction.IN),
            new Channel("side", Direction.OUT),
            Channel.LIFECYCLE,
            Channel.WAITPOINTS);
    Arbitrary<List<Draft>> records =
        Combinators.combine(
                Arbitraries.longs()
                    .between(-1_000, 5_000)
                    .map(offset -> START.toEpochMilli() + offset)
                    .injectNull(0.6),
                content())
            .as(Draft::new)
            .list()
            .ofMaxSize(4);
    return Combinators.combine(
            channel,
            records,
            Arbitraries.of("p1", "p2", "p3", "p4", "p5").map(PartId::of).injectNull(0.5),
            Arbitraries.longs().between(0, 12).injectNull(0.8),
            Arbitraries.of("", "fence").injectNull(0.8),
            Arbitraries.of(true, true, true, false),
            Arbitraries.of(true, true, false),
            turn().injectNull(0.8))
        .as(Append::new);
  }

  private static Arbitrary<RecordContent> content() {
    Arbitrary<RecordContent> sdkData =
        Arbitraries.of("AAAAAAA", "AAAAAAB", "_-zZ09x")
            .map(id -> RecordContent.of(Bytes.utf8("{\"data\":1,\"id\":\"" + id + "\"}")));
    Arbitrary<RecordContent> data =
        Arbitraries.strings().ofMaxLength(8).map(text -> RecordContent.of(Bytes.utf8(text)));
    Arbitrary<RecordContent> trim =
        Arbitraries.longs()
            .between(-1, 20)
            .map(to -> command("trim", ByteBuffer.allocate(8).putLong(to).array()));
    Arbitrary<RecordContent> fence =
        Arbitraries.of("", "fence", "x".repeat(37))
            .map(token -> command("fence", Bytes.utf8(token).array()));
    Arbitrary<RecordContent> odd =
        Arbitraries.of(
            command("trim", new byte[3]),
            command("fence", new byte[] {(byte) 0xff}),
            command("unknown", new byte[0]),
            new RecordContent(
                List.of(
                    new Header(Bytes.EMPTY, Bytes.utf8("trim")),
                    new Header(Bytes.utf8("a"), Bytes.utf8("b"))),
                Bytes.EMPTY));
    Arbitrary<RecordContent> control =
        Arbitraries.of("turn-complete", "turn-complete", "upgrade-required")
            .map(
                subtype ->
                    new RecordContent(
                        List.of(new Header(Bytes.utf8("trigger-control"), Bytes.utf8(subtype))),
                        Bytes.EMPTY));
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(6, data),
        net.jqwik.api.Tuple.of(6, sdkData),
        net.jqwik.api.Tuple.of(2, trim),
        net.jqwik.api.Tuple.of(2, fence),
        net.jqwik.api.Tuple.of(1, odd),
        net.jqwik.api.Tuple.of(
            1, Arbitraries.longs().between(0, 12).map(RecordContent::turnComplete)),
        net.jqwik.api.Tuple.of(2, control));
  }

  static RecordContent command(String op, byte[] body) {
    return new RecordContent(List.of(new Header(Bytes.EMPTY, Bytes.utf8(op))), Bytes.wrap(body));
  }
}
