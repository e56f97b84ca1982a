package dev.parley.ops.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.Channel;
import dev.parley.session.Session;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionId;
import dev.parley.session.TurnOutcome;
import dev.parley.session.Waitpoint;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LifecycleMetersTest {
  private static final Instant DUE = Instant.parse("2026-01-01T00:00:00Z");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final LifecycleMeters meters = new LifecycleMeters(registry);
  private final Session session = Session.empty(SessionId.random("env"));

  @Test
  void an_end_is_as_late_as_it_was_noticed_after_its_time() {
    meters.committed(session, new SessionEvent.Expired(DUE, DUE.plusMillis(300)));
    assertThat(registry.scrape())
        .contains("parley_sessions_expired_total{face=\"durable\"} 1.0")
        .contains("parley_due_lateness_seconds_bucket{kind=\"expiry\",le=\"0.25\"} 0")
        .contains("parley_due_lateness_seconds_bucket{kind=\"expiry\",le=\"0.5\"} 1");
  }

  @Test
  void each_waitpoint_is_late_by_its_own_deadline() {
    Session waiting =
        session
            .apply(new SessionEvent.WaitpointCreated(waitpoint("a", DUE)))
            .apply(new SessionEvent.WaitpointCreated(waitpoint("b", DUE.plusMillis(900))));
    SessionEvent timedOut =
        new SessionEvent.WaitpointsTimedOut(List.of("a", "b"), DUE.plusMillis(1_000));
    meters.committed(waiting.apply(timedOut), timedOut);
    assertThat(registry.scrape())
        .contains("parley_due_lateness_seconds_bucket{kind=\"waitpoint\",le=\"0.1\"} 1")
        .contains("parley_due_lateness_seconds_bucket{kind=\"waitpoint\",le=\"1.0\"} 2");
  }

  private static Waitpoint waitpoint(String id, Instant timeoutAt) {
    return new Waitpoint(
        id, Channel.IN, -1, DUE.minusSeconds(60), timeoutAt, List.of(), null, null, null, null);
  }

  @Test
  void a_turn_lasts_from_the_beginning_of_its_last_attempt() {
    meters.committed(
        session, new SessionEvent.TurnEnded(0, 1, TurnOutcome.FAILED, DUE, DUE.plusMillis(1_500)));
    assertThat(registry.scrape())
        .contains("parley_turns_seconds_bucket{outcome=\"failed\",le=\"1.0\"} 0")
        .contains("parley_turns_seconds_bucket{outcome=\"failed\",le=\"2.0\"} 1");
  }
}
