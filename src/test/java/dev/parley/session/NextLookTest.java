package dev.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a session that sleeps, and of whose renewals nobody is told, has to be woken again. */
class NextLookTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final List<Instant> warnings = new ArrayList<>();
  private Session session = Session.empty(SessionId.ofExternal("env", "chat"));

  private SessionReply at(double minutes, SessionCommand command) {
    Decision decision = session.decide(command, minute(minutes));
    for (SessionEvent event : decision.events()) {
      session = session.apply(event);
      if (event instanceof SessionEvent.Warned warned) {
        warnings.add(warned.at());
      }
    }
    return decision.reply();
  }

  private static Instant minute(double minutes) {
    return START.plusMillis(Math.round(minutes * 60_000));
  }

  private SessionReply wake(double minutes) {
    return at(minutes, new SessionCommand.Wake());
  }

  private static SessionReply again(double minutes) {
    return new SessionReply.Awake(minute(minutes));
  }

  private void create(double timeout, int threshold) {
    TimeoutPolicy policy = new TimeoutPolicy(timeout, true, 720, threshold);
    at(
        0,
        new SessionCommand.Create(
            "chat", "t", "t", "{}", List.of(), null, null, policy, null, "run"));
  }

  @Test
  void a_renewal_behind_the_warning_is_followed_by_the_next_warning_in_time() {
    create(30, 25);
    assertThat(wake(5)).isEqualTo(again(10));
    at(6.5, new SessionCommand.Touch(Activity.HEARTBEAT));
    assertThat(wake(10)).isEqualTo(again(11.5));
    assertThat(warnings).containsExactly(minute(5));
    assertThat(wake(11.5)).isEqualTo(again(16.5));
    assertThat(warnings).containsExactly(minute(5), minute(11.5));
  }

  @Test
  void without_a_renewal_the_end_comes_at_its_time() {
    create(30, 25);
    wake(5);
    double woken = 10;
    while (woken < 30) {
      SessionReply.Awake next = (SessionReply.Awake) wake(woken);
      double then = Duration.between(START, next.nextDue()).toMillis() / 60_000.0;
      assertThat(then).isGreaterThan(woken);
      woken = then;
    }
    assertThat(woken).isEqualTo(30);
    wake(30);
    assertThat(session.info().expiredAt()).isEqualTo(minute(30));
    assertThat(warnings).hasSize(1);
  }

  @Test
  void a_threshold_close_to_the_timeout_does_not_keep_a_session_awake() {
    create(5.001, 5);
    assertThat(wake(1)).isEqualTo(new SessionReply.Awake(minute(1).plusSeconds(1)));
  }
}
