package dev.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.journal.EventCodec;
import dev.parley.journal.SnapshotCodec;
import dev.parley.session.Commands.Step;
import dev.parley.session.SessionCommand.Append;
import dev.parley.session.SessionCommand.Appending;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** Random histories of one session. */
class SessionPropertyTest {
  @Provide
  Arbitrary<List<Step>> steps() {
    return Commands.steps();
  }

  /** What came of running the steps: the state, and all that was decided on the way. */
  private static final class Run {
    Session session = Session.empty(Commands.ID);
    Instant now = Commands.START;
    final List<SessionEvent> events = new ArrayList<>();
    final List<String> answers = new ArrayList<>();

    void step(Step step) {
      now = now.plus(step.later());
      if (step.commands().get(0) instanceof Appending) {
        List<Appending> group =
            step.commands().stream().map(command -> (Appending) aimed(command)).toList();
        GroupDecision decision = session.decideGroup(group, now);
        decision.replies().forEach(reply -> answers.add(word(reply)));
        decision.events().forEach(this::apply);
      } else {
        Decision decision = session.decide(aimed(step.commands().get(0)), now);
        answers.add(word(decision.reply()));
        decision.events().forEach(this::apply);
      }
    }

    /** The command with the time of the attempt that it names, which nobody can guess. */
    private SessionCommand aimed(SessionCommand command) {
      if (command instanceof Append append && append.turn() != null) {
        return aimed(append);
      }
      if (command instanceof SessionCommand.AppendSeries series) {
        return new SessionCommand.AppendSeries(series.appends().stream().map(this::aimed).toList());
      }
      return command instanceof SessionCommand.EndTurn end
          ? new SessionCommand.EndTurn(aimed(end.turn()), end.outcome(), end.answer(), end.error())
          : command;
    }

    private Append aimed(Append append) {
      return new Append(
          append.channel(),
          append.records(),
          append.partId(),
          append.matchSeq(),
          append.fencingToken(),
          append.rowRequired(),
          append.formed(),
          append.turn() == null ? null : aimed(append.turn()));
    }

    private Turn aimed(Turn turn) {
      Turn current = session.turns() == null ? null : session.turns().current();
      boolean isCurrent =
          current != null && current.seq() == turn.seq() && current.attempt() == turn.attempt();
      // One that is not under way yet may begin within the group.
      return isCurrent ? current : new Turn(turn.seq(), turn.attempt(), now);
    }

    private void apply(SessionEvent event) {
      events.add(event);
      session = session.apply(event);
    }
  }

  private static Run run(List<Step> steps) {
    Run run = new Run();
    steps.forEach(run::step);
    return run;
  }

  @Property(tries = 1_000)
  void answers_and_state_are_those_of_the_naive_session(@ForAll("steps") List<Step> steps) {
    Run run = run(steps);
    NaiveSession naive = new NaiveSession();
    List<String> expected = new ArrayList<>();
    Instant now = Commands.START;
    for (Step step : steps) {
      now = now.plus(step.later());
      for (SessionCommand command : step.commands()) {
        expected.add(naive.handle(command, now));
      }
      naive.endGroup(now);
    }
    assertThat(run.answers).isEqualTo(expected);
    assertSame(run.session, naive);
  }

  private static void assertSame(Session session, NaiveSession naive) {
    SessionInfo info = session.info();
    assertThat(info != null).isEqualTo(naive.exists());
    if (info != null) {
      assertThat(info.triggerConfig()).isEqualTo(naive.config);
      assertThat(info.tags()).isEqualTo(naive.tags);
      assertThat(info.metadata()).isEqualTo(naive.metadata);
      assertThat(info.expiresAt()).isEqualTo(naive.expiresAt);
      assertThat(info.closedAt()).isEqualTo(naive.closedAt);
      assertThat(info.closedReason()).isEqualTo(naive.closedReason);
      assertThat(info.currentRunId()).isEqualTo(naive.run);
      assertThat(info.expiredAt() != null).isEqualTo(naive.expiryNoted);
      assertThat(session.clockwork() == null ? null : session.clockwork().lifetime())
          .isEqualTo(naive.lifetime);
    }
    assertThat(
            session.waitpoints().all().stream()
                .map(w -> w.id() + " " + word(w.outcome()) + word(w.callback()))
                .toList())
        .containsExactlyInAnyOrderElementsOf(
            naive.waiters.stream()
                .map(
                    w ->
                        w.id
                            + " "
                            + w.outcome
                            + (w.calledBack
                                ? " owed %s %d %s".formatted(w.owedSince, w.failedTries, w.nextTry)
                                : ""))
                .toList());
    assertThat(session.lastMessageAt()).isEqualTo(naive.turns.lastMessageAt);
    Turns turns = session.turns();
    assertThat(turns == null ? null : turns.agentId()).isEqualTo(naive.turns.agent);
    if (turns != null) {
      assertThat(turns.answeredTo()).as("%s", naive.turns).isEqualTo(naive.turns.answeredTo);
      Turn turn = turns.current();
      assertThat(turn == null ? -1 : turn.seq()).isEqualTo(naive.turns.current);
      assertThat(turn == null ? naive.turns.attempt : turn.attempt())
          .isEqualTo(naive.turns.attempt);
    }
    assertThat(session.channels().keySet()).isEqualTo(naive.streams.keySet());
    naive.streams.forEach(
        (channel, stream) -> {
          ChannelState state = session.channel(channel);
          assertThat(state.nextSeq()).isEqualTo(stream.records.size());
          assertThat(state.trimPoint()).isEqualTo(stream.trimPoint());
          assertThat(state.fencingToken()).isEqualTo(stream.fence());
          assertThat(state.settled()).isEqualTo(stream.settled());
          assertThat(state.newestSeq()).isEqualTo(stream.newestSeq());
          assertThat(state.lastTimestamp())
              .isEqualTo(stream.records.get(stream.records.size() - 1).timestamp());
        });
  }

  @Property(tries = 300)
  void replaying_the_events_gives_the_state_that_decided_them(@ForAll("steps") List<Step> steps) {
    Run run = run(steps);
    Session replayed = Session.empty(Commands.ID);
    for (SessionEvent event : run.events) {
      replayed = replayed.apply(event);
    }
    assertThat(replayed).isEqualTo(run.session);
  }

  @Property(tries = 300)
  void a_stored_snapshot_and_stored_events_lead_to_the_same_state(
      @ForAll("steps") List<Step> steps) {
    Run run = run(steps);
    Session restored = Session.empty(Commands.ID);
    for (SessionEvent event : run.events) {
      restored =
          SnapshotCodec.decode(Commands.ID, SnapshotCodec.encode(restored, Map.of())).session();
      SessionEvent stored = EventCodec.decode(EventCodec.manifest(event), EventCodec.encode(event));
      assertThat(stored).isEqualTo(event);
      restored = restored.apply(stored);
    }
    assertThat(restored).isEqualTo(run.session);
  }

  @Property(tries = 300)
  void records_are_numbered_without_gaps_and_timestamps_never_go_back(
      @ForAll("steps") List<Step> steps) {
    Map<Channel, Long> next = new HashMap<>();
    Map<Channel, Long> last = new HashMap<>();
    for (SessionEvent event : run(steps).events) {
      if (event instanceof SessionEvent.RecordsAppended appended) {
        for (StreamAppend append : appended.appends()) {
          assertThat(append.firstSeq()).isEqualTo(next.getOrDefault(append.channel(), 0L));
          next.put(append.channel(), append.endSeq());
          for (StreamAppend.Entry entry : append.records()) {
            assertThat(entry.timestamp())
                .isGreaterThanOrEqualTo(last.getOrDefault(append.channel(), 0L));
            last.put(append.channel(), entry.timestamp());
          }
        }
      }
    }
  }

  @Property(tries = 300)
  void nothing_but_a_row_change_follows_a_close(@ForAll("steps") List<Step> steps) {
    boolean closed = false;
    for (SessionEvent event : run(steps).events) {
      assertThat(closed && event instanceof SessionEvent.Closed).isFalse();
      assertThat(closed && event instanceof SessionEvent.RecordsAppended).isFalse();
      closed |= event instanceof SessionEvent.Closed;
    }
  }

  @Property(tries = 300)
  void a_repeated_command_decides_nothing_new(@ForAll("steps") List<Step> steps) {
    Run run = run(steps);
    for (Step step : steps) {
      for (SessionCommand command : step.commands()) {
        boolean repeatable =
            command instanceof Append append && append.partId() != null
                || command instanceof SessionCommand.Close;
        if (repeatable) {
          Decision first = run.session.decide(command, run.now);
          first.events().forEach(run::apply);
          // A renewal under a threshold as long as the timeout is near its end at once: that
          // warning is the time's doing, not the command's.
          Decision due = run.session.decide(new SessionCommand.Wake(), run.now);
          due.events().forEach(run::apply);
          assertThat(run.session.decide(command, run.now).events()).isEmpty();
        }
      }
    }
  }

  private static String word(@Nullable Callback callback) {
    return callback == null
        ? ""
        : " owed %s %d %s".formatted(callback.owedSince(), callback.tries(), callback.nextTry());
  }

  private static String word(Waitpoint.@Nullable Outcome outcome) {
    if (outcome == null) {
      return "pending";
    }
    if (outcome.timedOut()) {
      return "timed out";
    }
    Waitpoint.Output output = outcome.output();
    return output == null ? "done" : "done by " + output.channel() + " " + output.fromSeq();
  }

  private static String word(SessionReply reply) {
    if (reply instanceof SessionReply.Started started) {
      return "started " + started.cached();
    }
    if (reply instanceof SessionReply.Row) {
      return "row";
    }
    if (reply instanceof SessionReply.Continued continued) {
      return "run " + continued.runId() + " " + continued.swapped();
    }
    if (reply instanceof SessionReply.Appended appended) {
      return (appended.repeated() ? "repeated " : "appended ")
          + appended.start().seq()
          + " "
          + appended.end().seq();
    }
    if (reply instanceof SessionReply.Sent sent) {
      return "sent %d %d %s %s"
          .formatted(
              sent.record().seq(), sent.lifetime().renewalCount(), sent.renewed(), sent.repeated());
    }
    if (reply instanceof SessionReply.WaitpointIs is) {
      return "wait "
          + is.waitpoint().id()
          + " "
          + word(is.waitpoint().outcome())
          + " "
          + is.repeated();
    }
    if (reply instanceof SessionReply.Alive alive) {
      return "alive " + alive.renewed() + " " + alive.lifetime().renewalCount();
    }
    if (reply instanceof SessionReply.Awake awake) {
      return "awake until " + awake.nextDue();
    }
    if (reply instanceof SessionReply.SeriesAppended series) {
      StringBuilder words = new StringBuilder("series");
      series.replies().forEach(one -> words.append(", ").append(word(one)));
      return words.toString();
    }
    if (reply instanceof SessionReply.FencingTokenMismatch mismatch) {
      return "fence " + mismatch.current();
    }
    if (reply instanceof SessionReply.SequenceMismatch mismatch) {
      return "match " + mismatch.next();
    }
    return switch (reply.getClass().getSimpleName()) {
      case "NoSuchSession" -> "no session";
      case "NoSuchWaitpoint" -> "no waitpoint";
      case "TurnOver" -> "turn over";
      case "MessagesWanted" -> "messages wanted";
      case "NoTimeout" -> "no timeout";
      case "AtMaximum" -> "at maximum";
      case "Closed" -> "closed";
      case "Expired" -> "expired";
      case "ExternalIdFixed" -> "external id fixed";
      case "InvalidAppend" -> "invalid";
      case "ServerOnlyChannel" -> "server only";
      default -> throw new AssertionError("not expected: " + reply);
    };
  }
}
