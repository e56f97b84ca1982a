package dev.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.SessionCommand.Append;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a session is purged, and what is left of it. */
class PurgeRulesTest {
  private static final SessionId ID = SessionId.ofExternal("env", "chat");
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration KEPT = Duration.ofDays(30);

  private final List<SessionEvent> log = new ArrayList<>();
  private Session session = Session.empty(ID).keptFor(KEPT);

  private SessionReply at(Instant now, SessionCommand command) {
    Decision decision = session.decide(command, now);
    for (SessionEvent event : decision.events()) {
      session = session.apply(event);
      log.add(event);
    }
    return decision.reply();
  }

  private void create(Instant now, Instant expiresAt, TimeoutPolicy timeout) {
    SessionReply reply =
        at(
            now,
            new SessionCommand.Create(
                "chat", "t", "t", "{}", List.of(), "{\"a\":1}", expiresAt, timeout, null, "run"));
    assertThat(reply).isInstanceOf(SessionReply.Started.class);
    assertThat(((SessionReply.Started) reply).cached()).isFalse();
  }

  private SessionReply append(Instant now) {
    return at(
        now, Append.single(Channel.IN, RecordContent.of(Bytes.utf8("text")), PartId.of("part")));
  }

  private SessionReply close(Instant now, String reason) {
    return at(now, new SessionCommand.Close(reason, null, "close"));
  }

  private SessionReply wait(Instant now, Instant timeoutAt) {
    return at(
        now,
        new SessionCommand.Wait(
            "w", Channel.OUT, -1, timeoutAt, List.of(), null, null, null, true));
  }

  private List<SessionEvent.Purged> purges() {
    return log.stream()
        .filter(SessionEvent.Purged.class::isInstance)
        .map(SessionEvent.Purged.class::cast)
        .toList();
  }

  private void assertNothingLeft() {
    assertThat(session.info()).isNull();
    assertThat(session.channels()).isEmpty();
    assertThat(session.waitpoints().all()).isEmpty();
    assertThat(session.clockwork()).isNull();
    assertThat(session.nextDue(START)).isNull();
  }

  @Test
  void a_closed_session_is_purged_when_its_retention_is_over() {
    create(START, null, null);
    append(START);
    assertThat(session.nextDue(START)).isNull();
    Instant end = START.plusSeconds(5);
    close(end, "done");
    assertThat(session.nextDue(START)).isEqualTo(end.plus(KEPT));
    at(end.plus(KEPT).minusMillis(1), new SessionCommand.Wake());
    assertThat(session.info()).isNotNull();
    assertThat(at(end.plus(KEPT), new SessionCommand.Wake()))
        .isEqualTo(new SessionReply.Awake(null));
    assertNothingLeft();
    assertThat(purges())
        .containsExactly(new SessionEvent.Purged(session.version(), end.plus(KEPT)));
    assertThat(session.version()).isEqualTo(log.size());
    assertThat(session.retention().generation()).isEqualTo(session.version());
  }

  @Test
  void an_expired_session_is_purged_as_long_after_its_end_or_after_its_deletion() {
    create(START, null, new TimeoutPolicy(30, true, 720, 5));
    Instant end = START.plus(Duration.ofMinutes(30));
    at(end.plus(Duration.ofDays(1)), new SessionCommand.Wake());
    assertThat(session.nextDue(START)).isEqualTo(end.plus(KEPT));
    Instant deleted = end.plus(Duration.ofDays(2));
    close(deleted, SessionInfo.DELETED);
    assertThat(session.nextDue(START)).isEqualTo(deleted.plus(KEPT));
  }

  @Test
  void an_end_that_is_put_into_the_past_counts_from_then() {
    create(START, START.minus(Duration.ofDays(2_000)), null);
    at(START, new SessionCommand.Wake());
    assertThat(session.info().expiredAt()).isEqualTo(START.minus(Duration.ofDays(2_000)));
    assertThat(session.nextDue(START)).isEqualTo(START.plus(KEPT));
  }

  @Test
  void what_falls_due_while_nobody_looks_is_decided_in_its_order() {
    create(START, START.plusSeconds(60), null);
    wait(START, START.plus(KEPT));
    at(START.plus(KEPT).plus(KEPT), new SessionCommand.Wake());
    List<String> kinds = log.stream().map(event -> event.getClass().getSimpleName()).toList();
    assertThat(kinds.subList(3, kinds.size()))
        .containsExactly("RecordsAppended", "Expired", "WaitpointsTimedOut", "Purged");
    assertNothingLeft();
  }

  @Test
  void a_waiter_whose_deadline_is_later_goes_with_its_session() {
    create(START, null, null);
    wait(START, START.plus(KEPT).plusSeconds(10));
    close(START, "done");
    at(START.plus(KEPT).plusSeconds(20), new SessionCommand.Wake());
    assertThat(log).noneMatch(SessionEvent.WaitpointsTimedOut.class::isInstance);
    assertNothingLeft();
  }

  @Test
  void nothing_is_purged_where_sessions_stay_for_ever() {
    session = Session.empty(ID).keptFor(null);
    create(START, null, null);
    close(START, "done");
    assertThat(session.nextDue(START)).isNull();
    at(START.plus(Duration.ofDays(40_000)), new SessionCommand.Wake());
    assertThat(session.info()).isNotNull();
  }

  @Test
  void a_session_without_an_end_and_streams_without_a_row_stay() {
    at(
        START,
        new Append(
            Channel.IN,
            List.of(new SessionCommand.Draft(null, RecordContent.of(Bytes.utf8("x")))),
            null,
            null,
            null,
            false));
    assertThat(session.nextDue(START)).isNull();
    create(START, null, null);
    at(START.plus(Duration.ofDays(40_000)), new SessionCommand.Wake());
    assertThat(session.channel(Channel.IN).nextSeq()).isEqualTo(1);
  }

  @Test
  void a_purge_at_once_takes_whatever_there_is_and_finds_nothing_the_second_time() {
    assertThat(at(START, new SessionCommand.Purge())).isEqualTo(new SessionReply.NoSuchSession());
    create(START, null, null);
    append(START);
    assertThat(at(START, new SessionCommand.Purge()))
        .isEqualTo(new SessionReply.Purged(session.version(), 2, 2));
    assertNothingLeft();
    assertThat(at(START, new SessionCommand.Purge())).isEqualTo(new SessionReply.NoSuchSession());
    assertThat(append(START)).isEqualTo(new SessionReply.NoSuchSession());
    assertThat(purges()).hasSize(1);
  }

  @Test
  void a_session_created_anew_begins_at_zero_in_another_generation() {
    create(START, null, null);
    append(START);
    at(START, new SessionCommand.Purge());
    long first = session.retention().generation();
    create(START, null, null);
    assertThat(append(START))
        .isInstanceOfSatisfying(
            SessionReply.Appended.class,
            appended -> {
              assertThat(appended.start().seq()).isZero();
              assertThat(appended.repeated()).isFalse();
            });
    assertThat(session.retention().generation()).isEqualTo(first);
    at(START, new SessionCommand.Purge());
    assertThat(session.retention().generation()).isGreaterThan(first);
    assertThat(session.version()).isEqualTo(log.size());
  }

  @Test
  void a_creation_that_comes_when_the_purge_is_due_creates_anew_in_the_same_commit() {
    create(START, null, null);
    append(START);
    close(START, "done");
    Instant due = START.plus(KEPT);
    create(due, null, null);
    assertThat(purges()).hasSize(1);
    assertThat(session.info().createdAt()).isEqualTo(due);
    assertThat(session.channel(Channel.IN).nextSeq()).isZero();
  }

  @Test
  void records_that_come_when_the_purge_is_due_are_refused_with_what_they_were_meant_for() {
    create(START, null, null);
    close(START, "done");
    Append late =
        new Append(
            Channel.IN,
            List.of(new SessionCommand.Draft(null, RecordContent.of(Bytes.utf8("x")))),
            null,
            null,
            null,
            false);
    GroupDecision decision = session.decideGroup(List.of(late, late), START.plus(KEPT));
    assertThat(decision.events()).hasSize(1).first().isInstanceOf(SessionEvent.Purged.class);
    assertThat(decision.replies())
        .containsExactly(new SessionReply.NoSuchSession(), new SessionReply.NoSuchSession());
    assertThat(at(START.plus(KEPT), late)).isEqualTo(new SessionReply.NoSuchSession());
    assertNothingLeft();
  }

  /** The first message of each has the same number, and an agent the same first attempt at it. */
  @Test
  void what_an_agent_still_says_to_a_purged_session_is_not_said_in_the_next() {
    Turn before = turnOfNewConversation(START);
    at(START, new SessionCommand.Purge());
    assertThat(session.turns()).isNull();
    assertThat(session.lastMessageAt()).isZero();
    Turn now = turnOfNewConversation(START.plusMillis(1));
    assertThat(now.seq()).isEqualTo(before.seq());
    assertThat(now.attempt()).isEqualTo(before.attempt());
    long version = session.version();
    SessionReply said =
        at(
            START.plusMillis(2),
            new Append(
                Channel.OUT,
                List.of(new SessionCommand.Draft(null, RecordContent.of(Bytes.utf8("late")))),
                null,
                null,
                null,
                true,
                true,
                before));
    assertThat(said).isEqualTo(new SessionReply.TurnOver());
    at(START, new SessionCommand.EndTurn(before, TurnOutcome.ANSWERED, null, null));
    assertThat(session.version()).isEqualTo(version);
    assertThat(session.turns().current()).isEqualTo(now);
  }

  private Turn turnOfNewConversation(Instant now) {
    at(
        now,
        new SessionCommand.Create(
            "chat",
            SessionInfo.MESSAGING,
            "t",
            "{}",
            null,
            null,
            null,
            new TimeoutPolicy(30, true, 720, 5),
            "agent",
            "run"));
    Message message = new Message("id", Message.Role.USER, "hi", "user", null, "", "id");
    at(
        now,
        new Append(
            Channel.IN,
            List.of(SessionCommand.Draft.of(message)),
            null,
            null,
            null,
            true,
            true,
            null));
    return session.turns().current();
  }

  @Test
  void the_state_follows_from_any_part_of_the_past_and_the_purge() {
    create(START, null, null);
    append(START);
    append(START.plusSeconds(1));
    close(START, "done");
    at(START.plus(KEPT), new SessionCommand.Wake());
    int purge = log.size() - 1;
    create(START.plus(KEPT), null, null);
    append(START.plus(KEPT));
    for (int kept = 0; kept <= purge; kept++) {
      Session replayed = Session.empty(ID).keptFor(KEPT);
      for (SessionEvent event : log.subList(0, kept)) {
        replayed = replayed.apply(event);
      }
      // Rows that were emptied say the same as the purge itself.
      for (int emptied = kept; emptied < purge; emptied++) {
        replayed = replayed.apply(log.get(purge));
      }
      for (SessionEvent event : log.subList(purge, log.size())) {
        replayed = replayed.apply(event);
      }
      assertThat(replayed).isEqualTo(session);
    }
  }
}
