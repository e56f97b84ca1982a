package dev.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.SessionCommand.Append;
import dev.parley.session.SessionCommand.Draft;
import dev.parley.session.SessionCommand.EndTurn;
import dev.parley.session.SessionCommand.ResumeTurn;
import dev.parley.session.SessionCommand.Send;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How the turns of an agent begin, go on and end. */
class TurnRulesTest {
  private final List<SequencedRecord> out = new ArrayList<>();
  private Instant now = Commands.START;
  private Session session = Session.empty(Commands.ID);

  private SessionReply ask(SessionCommand command) {
    now = now.plusMillis(10);
    Decision decision = session.decide(command, now);
    for (SessionEvent event : decision.events()) {
      session = session.apply(event);
      if (event instanceof SessionEvent.RecordsAppended appended) {
        appended.appends().stream()
            .filter(append -> append.channel().equals(Channel.OUT))
            .forEach(this::keep);
      }
    }
    return decision.reply();
  }

  private void keep(StreamAppend append) {
    long seq = append.firstSeq();
    for (StreamAppend.Entry entry : append.records()) {
      out.add(new SequencedRecord(seq++, entry.timestamp(), entry.content()));
    }
  }

  private void create() {
    ask(
        new SessionCommand.Create(
            "chat",
            SessionInfo.MESSAGING,
            "agent",
            "{}",
            null,
            null,
            null,
            new TimeoutPolicy(30, true, 720, 5),
            "agent",
            "run_1"));
  }

  private void send(String... texts) {
    for (String text : texts) {
      assertThat(ask(new Send(message(Message.Role.USER, text), null)))
          .isInstanceOf(SessionReply.Sent.class);
    }
  }

  private static Message message(Message.Role role, String text) {
    return new Message("id", role, text, "author", null, "", "record id");
  }

  private @Nullable Turn current() {
    return session.turns().current();
  }

  private void end(TurnOutcome outcome, @Nullable String answer, @Nullable String error) {
    Message said = answer == null ? null : message(Message.Role.AGENT, answer);
    assertThat(ask(new EndTurn(current(), outcome, said, error)))
        .isEqualTo(new SessionReply.TurnOver());
  }

  private SessionReply write(RecordContent content, @Nullable Turn turn) {
    return ask(
        new Append(
            Channel.OUT, List.of(new Draft(null, content)), null, null, null, true, true, turn));
  }

  private static RecordContent data(String text) {
    return RecordContent.of(Bytes.utf8(text));
  }

  private void assertAt(long seq, int attempt) {
    Turn turn = current();
    assertThat(turn).isNotNull();
    assertThat(turn.seq()).isEqualTo(seq);
    assertThat(turn.attempt()).isEqualTo(attempt);
  }

  @Test
  void messages_are_answered_one_after_the_other() {
    create();
    assertThat(current()).isNull();
    send("a", "b", "c");
    for (int seq = 0; seq < 3; seq++) {
      assertAt(seq, 1);
      end(TurnOutcome.ANSWERED, "answer " + seq, null);
    }
    assertThat(current()).isNull();
    assertThat(session.turns().answeredTo()).isEqualTo(3);
    assertThat(out).hasSize(6);
    for (int i = 0; i < 6; i++) {
      RecordContent content = out.get(i).content();
      assertThat(content.isTurnComplete()).isEqualTo(i % 2 == 1);
      assertThat(content.consumedSeq()).isEqualTo(i % 2 == 1 ? i / 2 : -1);
    }
  }

  @Test
  void only_the_attempt_under_way_writes_and_ends() {
    create();
    send("a", "b");
    Turn first = current();
    ask(new ResumeTurn());
    assertAt(0, 2);
    Turn second = current();
    assertThat(write(data("late"), first)).isEqualTo(new SessionReply.TurnOver());
    ask(new EndTurn(first, TurnOutcome.ANSWERED, message(Message.Role.AGENT, "late"), null));
    assertThat(out).isEmpty();
    assertAt(0, 2);
    assertThat(second.answerId(session.id())).isNotEqualTo(first.answerId(session.id()));
    assertThat(write(data("in time"), second)).isInstanceOf(SessionReply.Appended.class);
    end(TurnOutcome.ANSWERED, "whole", null);
    // To say it twice does no harm.
    ask(new EndTurn(second, TurnOutcome.ANSWERED, message(Message.Role.AGENT, "whole"), null));
    assertThat(out).hasSize(3);
    assertAt(1, 1);
  }

  @Test
  void a_turn_that_was_cut_off_too_often_fails_and_the_next_begins() {
    create();
    send("a", "b");
    for (int attempt = 2; attempt <= Turn.MAX_ATTEMPTS; attempt++) {
      ask(new ResumeTurn());
      assertAt(0, attempt);
    }
    ask(new ResumeTurn());
    assertAt(1, 1);
    assertThat(out).hasSize(2);
    assertThat(out.get(0).content().body().utf8()).contains("\"type\":\"error\"", "cut off 5");
    assertThat(out.get(1).content().consumedSeq()).isZero();
    assertThat(session.turns().answeredTo()).isEqualTo(1);
  }

  @Test
  void without_a_turn_there_is_nothing_to_resume_or_to_end() {
    create();
    Session before = session;
    ask(new ResumeTurn());
    ask(new EndTurn(new Turn(0, 1, now), TurnOutcome.ANSWERED, null, null));
    assertThat(session).isEqualTo(before);
  }

  @Test
  void a_record_that_asks_for_nothing_leaves_no_trace() {
    create();
    send("a");
    end(TurnOutcome.SKIPPED, null, null);
    assertThat(out).isEmpty();
    assertThat(current()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    // What the writer says that it has consumed, and where the agent goes on.
    "-1, 1",
    "0, 1",
    "1, 2",
    "2, -1",
    "99, -1"
  })
  void whoever_else_completes_a_turn_has_answered_what_it_consumed(long consumed, long next) {
    create();
    send("a", "b", "c");
    RecordContent complete = RecordContent.turnComplete(consumed);
    write(
        consumed < 0 ? new RecordContent(complete.headers().subList(0, 1), Bytes.EMPTY) : complete,
        null);
    if (next < 0) {
      assertThat(current()).isNull();
      assertThat(session.turns().answeredTo()).isEqualTo(3);
    } else {
      assertAt(next, 1);
      assertThat(session.turns().answeredTo()).isEqualTo(next);
    }
  }

  @Test
  void what_was_there_before_the_session_is_not_answered() {
    ask(
        new Append(
            Channel.IN, List.of(new Draft(null, data("x"))), null, null, null, false, false, null));
    create();
    assertThat(current()).isNull();
    send("a");
    assertAt(1, 1);
  }

  private enum Ending {
    CLOSED,
    EXPIRED
  }

  @ParameterizedTest
  @EnumSource
  void the_end_of_the_session_is_the_end_of_all_that_waits(Ending ending) {
    create();
    send("a", "b");
    if (ending == Ending.CLOSED) {
      ask(new SessionCommand.Close("done", null, "record id"));
    } else {
      now = now.plus(Duration.ofMinutes(31));
      ask(new SessionCommand.Wake());
    }
    assertThat(current()).isNull();
    assertThat(session.turns().answeredTo()).isEqualTo(2);
    assertThat(out).hasSize(2);
    assertThat(out.get(0).content().body().utf8()).contains("The session has ended.");
    // So whoever waits for the answer to the second knows, too.
    assertThat(out.get(1).content().consumedSeq()).isEqualTo(1);
    ask(new ResumeTurn());
    assertThat(out).hasSize(2);
  }

  @Test
  void item_07_messages_of_both_sides_have_milliseconds_of_their_own() {
    create();
    Instant frozen = now;
    List<Long> times = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      now = frozen;
      SessionReply.Sent sent =
          (SessionReply.Sent) ask(new Send(message(Message.Role.USER, "a"), null));
      times.add(sent.record().timestamp());
      now = frozen;
      end(TurnOutcome.ANSWERED, "b", null);
      times.add(out.get(out.size() - 2).timestamp());
    }
    assertThat(times).doesNotHaveDuplicates().isSorted();
    assertThat(session.lastMessageAt()).isEqualTo(times.get(9));
  }

  @Test
  void a_batch_is_recognised_though_it_was_made_into_messages() {
    create();
    Draft raw = new Draft(null, data("{\"data\":\"hi\",\"id\":\"Ab3-_x9\"}"));
    Append batch = new Append(Channel.IN, List.of(raw), null, null, null, true);
    assertThat(ask(batch)).isInstanceOf(SessionReply.MessagesWanted.class);
    Append formed = batch.formed(List.of(Draft.of(message(Message.Role.USER, "hi"))));
    assertThat(ask(formed)).isInstanceOf(SessionReply.Appended.class);
    SessionReply.Appended again = (SessionReply.Appended) ask(batch);
    assertThat(again.repeated()).isTrue();
    assertThat(again.start().seq()).isZero();
    assertThat(session.channel(Channel.IN).nextSeq()).isEqualTo(1);
  }

  @Test
  void a_queue_has_an_end() {
    create();
    for (int i = 0; i < Turns.MAX_WAITING; i++) {
      send("m");
    }
    assertThat(ask(new Send(message(Message.Role.USER, "one more"), null)))
        .isInstanceOf(SessionReply.Overloaded.class);
    end(TurnOutcome.FAILED, null, "{}");
    send("now");
  }
}
