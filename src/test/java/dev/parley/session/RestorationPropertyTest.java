package dev.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.SessionCommand.Append;
import dev.parley.session.SessionCommand.Appending;
import dev.parley.session.SessionCommand.Restore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever has happened to a session, a copy of it is the same session. */
class RestorationPropertyTest {
  @Provide
  Arbitrary<List<Commands.Step>> steps() {
    return Commands.steps();
  }

  /** A session and the records it was given. */
  private static final class Original {
    Session session = Session.empty(Commands.ID);
    Instant now = Commands.START;
    final List<StreamAppend> appends = new ArrayList<>();

    Original(List<Commands.Step> steps) {
      for (Commands.Step step : steps) {
        now = now.plus(step.later());
        List<SessionCommand> commands = step.commands();
        List<SessionEvent> events =
            commands.get(0) instanceof Appending
                ? session
                    .decideGroup(commands.stream().map(Appending.class::cast).toList(), now)
                    .events()
                : session.decide(commands.get(0), now).events();
        for (SessionEvent event : events) {
          session = session.apply(event);
          if (event instanceof SessionEvent.RecordsAppended appended) {
            appends.addAll(appended.appends());
          }
        }
      }
    }

    /** The records that were not trimmed, in their order, then the part ids. */
    List<RestoredPiece> pieces() {
      List<RestoredPiece> pieces = new ArrayList<>();
      for (StreamAppend append : appends) {
        long trimPoint = session.channel(append.channel()).trimPoint();
        if (append.endSeq() > trimPoint) {
          long from = Math.max(trimPoint, append.firstSeq());
          pieces.add(
              new RestoredPiece.Records(
                  new StreamAppend(
                      append.channel(),
                      from,
                      append
                          .records()
                          .subList((int) (from - append.firstSeq()), append.records().size()),
                      null)));
        }
      }
      session
          .channels()
          .forEach(
              (channel, state) -> {
                addAll(pieces, channel, false, state.partIds());
                addAll(pieces, channel, true, state.batches());
              });
      return pieces;
    }

    private static void addAll(
        List<RestoredPiece> pieces, Channel channel, boolean batches, PartIdWindow window) {
      window
          .from(0, Integer.MAX_VALUE)
          .forEach(block -> pieces.add(new RestoredPiece.PartIds(channel, batches, block)));
    }
  }

  /** A session that is restored, as its actor does it. */
  private static final class Copy {
    Session session = Session.empty(Commands.ID);
    final Instant now;

    Copy(Instant now) {
      this.now = now;
    }

    SessionReply take(SessionCommand command) {
      Decision decision = session.decide(command, now);
      decision.events().forEach(event -> session = session.apply(event));
      return decision.reply();
    }
  }

  @Property(tries = 500)
  void a_copy_in_any_pieces_is_the_session(
      @ForAll("steps") List<Commands.Step> steps, @ForAll long seed) {
    Original original = new Original(steps);
    if (original.session.isBlank()) {
      return;
    }
    Random random = new Random(seed);
    Session target = Portrait.of(original.session);
    List<RestoredPiece> pieces = original.pieces();
    Copy copy = new Copy(original.now);
    for (int done = 0; done < pieces.size(); ) {
      int from = random.nextInt(done + 1);
      int to = Math.min(pieces.size(), done + 1 + random.nextInt(5));
      assertThat(copy.take(new Restore(target, pieces.subList(from, to), false)))
          .isInstanceOf(SessionReply.Restored.class);
      assertThat(copy.session.info()).isNull();
      assertThat(copy.session.channels()).isEmpty();
      assertThat(copy.session.nextDue(copy.now)).isNull();
      done = to;
    }
    assertThat(copy.take(new Restore(target, List.of(), true)))
        .isEqualTo(new SessionReply.Restored(0, true));
    assertThat(Portrait.of(copy.session)).isEqualTo(target);
    original
        .session
        .channels()
        .forEach(
            (channel, state) -> {
              ChannelState copied = copy.session.channel(channel);
              assertThat(ids(copied.partIds())).isEqualTo(ids(state.partIds()));
              assertThat(ids(copied.batches())).isEqualTo(ids(state.batches()));
            });
    assertThat(copy.take(new Restore(target, pieces, true)))
        .isEqualTo(new SessionReply.AlreadyThere());
  }

  private static List<PartIdWindow.Block> ids(PartIdWindow window) {
    return window.from(0, Integer.MAX_VALUE);
  }

  @Property(tries = 200)
  void what_a_copy_answers_next_is_what_the_session_does(
      @ForAll("steps") List<Commands.Step> steps, @ForAll("steps") List<Commands.Step> later) {
    Original original = new Original(steps);
    if (original.session.isBlank()) {
      return;
    }
    Copy copy = new Copy(original.now);
    copy.take(new Restore(Portrait.of(original.session), original.pieces(), true));
    Session session = original.session;
    Session copied = copy.session;
    Instant now = original.now;
    for (Commands.Step step : later) {
      now = now.plus(step.later());
      for (SessionCommand command : step.commands()) {
        if (command instanceof Append append && append.turn() != null) {
          continue;
        }
        Decision decision = session.decide(command, now);
        Decision decisionOfCopy = copied.decide(command, now);
        assertThat(decisionOfCopy.reply()).isEqualTo(decision.reply());
        assertThat(decisionOfCopy.events()).isEqualTo(decision.events());
        session = session.applyAll(decision.events());
        copied = copied.applyAll(decisionOfCopy.events());
      }
    }
  }
}
