package dev.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.SessionCommand.Append;
import dev.parley.session.SessionCommand.Draft;
import dev.parley.session.SessionEvent.CallbacksMoved;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When callbacks are owed, tried again and settled; the state goes the way of stored events. */
class CallbackRulesTest {
  private static final CallbackPolicy POLICY =
      new CallbackPolicy(Duration.ofSeconds(1), Duration.ofMinutes(5), Duration.ofHours(24));

  private Instant now = Instant.parse("2026-11-20T12:00:00Z");
  private Session session = Session.empty(SessionId.ofExternal("env", "chat"));
  private List<SessionEvent> newest = List.of();

  private SessionReply decide(SessionCommand command) {
    Decision decision = session.decide(command, now);
    apply(decision.events());
    return decision.reply();
  }

  private void apply(List<SessionEvent> events) {
    newest = events;
    for (SessionEvent event : events) {
      session = session.apply(event);
    }
  }

  private SessionReply register(String id, @Nullable Channel channel, @Nullable Instant timeoutAt) {
    Callback callback = Callback.to("https://receiver.example/x", "https://parley.example");
    return decide(
        new SessionCommand.Wait(
            id, channel, -1, timeoutAt, List.of(), null, null, callback, false));
  }

  private void append() {
    Draft draft = new Draft(null, RecordContent.of(Bytes.utf8("x")));
    apply(
        session
            .decideGroup(
                List.of(new Append(Channel.IN, List.of(draft), null, null, null, false)), now)
            .events());
  }

  private void tried(String id, boolean settled) {
    decide(new SessionCommand.CallbackTried(id, settled, POLICY));
  }

  private Callback callback(String id) {
    return session.waitpoints().find(id).orElseThrow().callback();
  }

  private List<String> due() {
    return session.callbacksDue(now).map(Waitpoint::id).toList();
  }

  @Test
  void nothing_is_owed_before_the_end() {
    register("w", Channel.IN, null);
    assertThat(session.nextDue(now)).isNull();
    assertThat(due()).isEmpty();
    tried("w", true);
    assertThat(newest).isEmpty();
    assertThat(callback("w").isSettled()).isFalse();
  }

  @Test
  void one_record_makes_the_callbacks_of_all_its_waiters_due_in_its_own_commit() {
    register("a", Channel.IN, null);
    register("b", Channel.IN, null);
    register("other", Channel.OUT, null);
    now = now.plusSeconds(1);
    append();
    assertThat(newest).hasSize(2);
    assertThat(newest.get(1)).isEqualTo(new CallbacksMoved(List.of("a", "b"), 0, now, now));
    assertThat(due()).containsExactly("a", "b");
    append();
    assertThat(newest).hasSize(1);
  }

  @Test
  void a_completion_and_a_deadline_make_a_callback_due() {
    register("token", null, null);
    register("timed", null, now.plusSeconds(5));
    decide(new SessionCommand.CompleteWait("token", "1"));
    assertThat(newest).contains(new CallbacksMoved(List.of("token"), 0, now, now));
    now = now.plusSeconds(6);
    assertThat(decide(new SessionCommand.Wake()))
        .isEqualTo(new SessionReply.Awake(now.plus(CallbackRules.LOOK_AGAIN)));
    assertThat(newest).contains(new CallbacksMoved(List.of("timed"), 0, now, now));
    assertThat(due()).containsExactly("token", "timed");
  }

  @Test
  void a_waiter_that_ends_at_its_registration_is_called_back_too() {
    append();
    register("w", Channel.IN, null);
    assertThat(newest).contains(new CallbacksMoved(List.of("w"), 0, now, now));
    assertThat(due()).containsExactly("w");
  }

  @Test
  void what_ends_without_a_callback_owes_none() {
    decide(new SessionCommand.Wait("w", Channel.IN, -1, null, List.of(), null, null, null, false));
    append();
    assertThat(newest).hasSize(1);
    assertThat(due()).isEmpty();
    assertThat(session.nextDue(now)).isNull();
  }

  @Test
  void a_failed_try_is_repeated_later_and_later_until_the_time_to_give_up() {
    register("w", null, null);
    Instant end = now;
    decide(new SessionCommand.CompleteWait("w", null));
    List<Duration> pauses = new ArrayList<>();
    while (!callback("w").isSettled()) {
      assertThat(due()).containsExactly("w");
      assertThat(session.nextDue(now)).isEqualTo(now.plus(CallbackRules.LOOK_AGAIN));
      tried("w", false);
      assertThat(due()).isEmpty();
      Instant next = callback("w").nextTry();
      assertThat(session.nextDue(now)).isEqualTo(next);
      if (next != null) {
        pauses.add(Duration.between(now, next));
        now = next;
      }
    }
    assertThat(now).isBetween(end.plus(Duration.ofMinutes(1435)), end.plus(Duration.ofHours(24)));
    assertThat(pauses.get(0)).isBetween(Duration.ofSeconds(1), Duration.ofMillis(1_250));
    assertThat(pauses.get(5)).isBetween(Duration.ofSeconds(32), Duration.ofSeconds(40));
    assertThat(pauses.subList(8, pauses.size()))
        .allSatisfy(
            pause -> assertThat(pause).isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5)))
        .doesNotHaveDuplicates();
  }

  @Test
  void a_callback_that_was_never_tried_is_tried_once_however_late() {
    register("w", null, null);
    decide(new SessionCommand.CompleteWait("w", null));
    now = now.plus(Duration.ofDays(3));
    assertThat(due()).containsExactly("w");
    tried("w", false);
    assertThat(callback("w").isSettled()).isTrue();
    assertThat(due()).isEmpty();
  }

  @Test
  void a_settled_callback_is_settled_once_and_for_all() {
    register("w", null, null);
    decide(new SessionCommand.CompleteWait("w", null));
    tried("w", true);
    assertThat(newest).containsExactly(new CallbacksMoved(List.of("w"), 0, null, now));
    assertThat(session.nextDue(now)).isNull();
    tried("w", false);
    assertThat(newest).isEmpty();
  }

  @Test
  void who_is_owed_a_callback_is_not_forgotten_and_can_be_forgotten_afterwards() {
    register("owed", null, null);
    decide(new SessionCommand.CompleteWait("owed", null));
    now = now.plus(Waitpoints.ENDED_SPAN).plusSeconds(1);
    for (int i = 0; i < Waitpoints.MIN_ENDED + 1; i++) {
      decide(new SessionCommand.Wait("w" + i, null, -1, now, List.of(), null, null, null, false));
    }
    assertThat(session.waitpoints().find("owed")).isPresent();
    tried("owed", true);
    assertThat(session.waitpoints().find("owed")).isEmpty();
    assertThat(session.waitpoints().find("w1")).isPresent();
  }

  @Test
  void callbacks_that_are_not_settled_are_bounded() {
    Waitpoint owing =
        new Waitpoint(
            "w",
            null,
            -1,
            now,
            null,
            List.of(),
            null,
            null,
            new Waitpoint.Outcome(false, now, null),
            new Callback("https://x.example", "http://p", now, 0, now));
    List<Waitpoint> most =
        IntStream.range(0, Waitpoints.MAX_CALLBACKS)
            .mapToObj(
                i ->
                    new Waitpoint(
                        "w" + i,
                        null,
                        -1,
                        now,
                        null,
                        List.of(),
                        null,
                        null,
                        owing.outcome(),
                        owing.callback()))
            .toList();
    session = Session.restore(session.id(), null, 1, Map.of(), Waitpoints.of(most), null, null, 0);
    assertThat(register("more", null, null)).isEqualTo(new SessionReply.TooManyWaitpoints());
    assertThat(
            decide(
                new SessionCommand.Wait("x", null, -1, null, List.of(), null, null, null, false)))
        .isInstanceOf(SessionReply.WaitpointIs.class);
  }
}
