package dev.parley.entity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.Message;
import dev.parley.session.Session;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import dev.parley.session.TimeoutPolicy;
import dev.parley.session.Turn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which turns are worked on, and which attempt at them. */
class TurnAtWorkTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

  private final List<Turn> begun = new ArrayList<>();
  private final List<Turn> abandoned = new ArrayList<>();
  private final TurnAtWork turnAtWork = new TurnAtWork((session, agent, turn) -> begin(turn));

  private Answering.Work begin(Turn turn) {
    begun.add(turn);
    return new Answering.Work() {
      @Override
      public void stop() {}

      @Override
      public void abandon() {
        abandoned.add(turn);
      }
    };
  }

  private static Session after(Session session, SessionCommand command) {
    Session next = session;
    for (SessionEvent event : session.decide(command, NOW).events()) {
      next = next.apply(event);
    }
    return next;
  }

  private static Session asked() {
    Session created =
        after(
            Session.empty(SessionId.ofExternal("env", "chat")),
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
    return send(created);
  }

  private static Session send(Session session) {
    Message message = new Message("id", Message.Role.USER, "text", "author", null, "", "record id");
    return after(session, new SessionCommand.Send(message, null));
  }

  @Test
  void a_new_turn_is_begun_once() {
    Session session = asked();
    turnAtWork.follow(session);
    turnAtWork.follow(send(session));
    assertThat(begun).containsExactly(session.turns().current());
    assertThat(turnAtWork.isMissing(session)).isFalse();
  }

  @Test
  void an_attempt_that_was_cut_off_is_never_begun_again_whatever_comes_before_the_next() {
    Session found = asked();
    turnAtWork.recovered(found);
    // What woke the session comes before it can resume its turn.
    Session woken = send(found);
    turnAtWork.follow(woken);
    assertThat(begun).isEmpty();
    assertThat(turnAtWork.isMissing(woken)).isTrue();
    Session resumed = after(woken, new SessionCommand.ResumeTurn());
    turnAtWork.follow(resumed);
    assertThat(begun).extracting(Turn::attempt).containsExactly(2);
    assertThat(turnAtWork.isMissing(resumed)).isFalse();
  }

  @Test
  void another_attempt_takes_the_place_of_the_one_before() {
    Session session = asked();
    turnAtWork.follow(session);
    turnAtWork.follow(after(session, new SessionCommand.ResumeTurn()));
    assertThat(begun).extracting(Turn::attempt).containsExactly(1, 2);
    assertThat(abandoned).extracting(Turn::attempt).containsExactly(1);
  }
}
