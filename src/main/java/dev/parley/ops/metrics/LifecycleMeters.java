package dev.parley.ops.metrics;

import static java.util.Locale.ROOT;

import dev.parley.session.Activity;
import dev.parley.session.Session;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionInfo;
import dev.parley.session.TurnOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/**
 * What sessions live through: beginnings, ends, renewals, turns, and how late what was due came.
 */
public final class LifecycleMeters {
  /** A client may name an end in any year, and what is counted must have a sum. */
  private static final Duration MOST_LATE = Duration.ofDays(100);

  private static final Duration[] LATENESS = {
    Duration.ofMillis(10),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofMinutes(1)
  };

  private static final Duration[] TURNS = {
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(2),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30),
    Duration.ofMinutes(1),
    Duration.ofMinutes(5)
  };

  private final Face durable;
  private final Face messaging;
  private final Map<Activity, Counter> renewed = new EnumMap<>(Activity.class);
  private final Map<TurnOutcome, Timer> turns = new EnumMap<>(TurnOutcome.class);
  private final Timer lateExpiry;
  private final Timer lateWaitpoint;
  private final Counter waitpoints;

  /** Sessions of one kind. */
  private record Face(
      Counter opened, Counter warned, Counter expired, Counter closed, Counter deleted) {
    private static Face of(MeterRegistry registry, String face) {
      return new Face(
          registry.counter("parley.sessions.opened", "face", face),
          registry.counter("parley.sessions.warned", "face", face),
          registry.counter("parley.sessions.expired", "face", face),
          registry.counter("parley.sessions.closed", "face", face),
          registry.counter("parley.sessions.deleted", "face", face));
    }
  }

  public LifecycleMeters(MeterRegistry registry) {
    durable = Face.of(registry, "durable");
    messaging = Face.of(registry, "messaging");
    for (Activity cause : Activity.values()) {
      if (cause != Activity.AGENT) {
        renewed.put(cause, registry.counter("parley.sessions.renewed", "cause", cause.cause()));
      }
    }
    for (TurnOutcome outcome : TurnOutcome.values()) {
      turns.put(
          outcome,
          Timer.builder("parley.turns")
              .tag("outcome", outcome.name().toLowerCase(ROOT))
              .serviceLevelObjectives(TURNS)
              .register(registry));
    }
    lateExpiry = late(registry, "expiry");
    lateWaitpoint = late(registry, "waitpoint");
    waitpoints = registry.counter("parley.waitpoints.registered");
  }

  private static Timer late(MeterRegistry registry, String kind) {
    return Timer.builder("parley.due.lateness")
        .tag("kind", kind)
        .serviceLevelObjectives(LATENESS)
        .register(registry);
  }

  /**
   * @param after the session behind the commit that holds the event
   */
  public void committed(Session after, SessionEvent event) {
    Face face = after.isMessaging() ? messaging : durable;
    if (event instanceof SessionEvent.Created) {
      face.opened().increment();
    } else if (event instanceof SessionEvent.Touched touched) {
      renewed(touched);
    } else if (event instanceof SessionEvent.Warned) {
      face.warned().increment();
    } else if (event instanceof SessionEvent.Expired expired) {
      face.expired().increment();
      late(lateExpiry, expired.expiresAt(), expired.noticedAt());
    } else if (event instanceof SessionEvent.Closed closed) {
      boolean deleted = SessionInfo.DELETED.equals(closed.reason());
      (deleted ? face.deleted() : face.closed()).increment();
    } else if (event instanceof SessionEvent.TurnEnded ended) {
      turns.get(ended.outcome()).record(Duration.between(ended.startedAt(), ended.at()));
    } else if (event instanceof SessionEvent.WaitpointCreated) {
      waitpoints.increment();
    } else if (event instanceof SessionEvent.WaitpointsTimedOut timedOut) {
      for (String id : timedOut.ids()) {
        after
            .waitpoints()
            .find(id)
            .ifPresent(waitpoint -> late(lateWaitpoint, waitpoint.timeoutAt(), timedOut.at()));
      }
    }
  }

  private static void late(Timer timer, Instant due, Instant noticed) {
    Duration lateness = Duration.between(due, noticed);
    if (lateness.isNegative()) {
      timer.record(Duration.ZERO);
    } else {
      timer.record(lateness.compareTo(MOST_LATE) < 0 ? lateness : MOST_LATE);
    }
  }

  /** Output of an agent moves the end without counting as a renewal. */
  private void renewed(SessionEvent.Touched touched) {
    if (touched.cause() != Activity.AGENT
        && touched.lifetime().base().equals(touched.lifetime().lastActivity())) {
      renewed.get(touched.cause()).increment();
    }
  }
}
