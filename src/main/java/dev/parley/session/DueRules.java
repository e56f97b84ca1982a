package dev.parley.session;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What follows from the time alone, in the order of the deadlines (design.md section 3.7). */
final class DueRules {
  private static final Duration LOOK_AT_TURNS = Duration.ofSeconds(10);

  /** Where timeout and threshold are almost the same, a session is not kept awake by this. */
  private static final Duration LOOK_AT_RENEWALS = Duration.ofSeconds(1);

  private final Session session;
  private final Instant now;

  DueRules(Session session, Instant now) {
    this.session = session;
    this.now = now;
  }

  /** When something falls due next; null for never. */
  static @Nullable Instant next(Session session) {
    Instant next = session.waitpoints().nextDeadline();
    SessionInfo info = session.info();
    if (info != null && info.closedAt() == null && info.expiredAt() == null) {
      Clockwork clockwork = session.clockwork();
      if (clockwork == null) {
        next = earlier(next, info.expiresAt());
      } else {
        next = earlier(next, clockwork.lifetime().next().map(LifetimeDeadline::at).orElse(null));
        next = earlier(next, clockwork.reportDue());
      }
    }
    return earlier(next, session.retention().purgeDue(info));
  }

  /**
   * When a session that was woken at this instant is to be woken again, should it not look up by
   * itself: while an agent is at work often, since its work goes on with the session alone, and
   * before a renewal, of which nobody is told, could bring something sooner.
   */
  static @Nullable Instant nextLook(Session session, Instant now) {
    boolean working = session.turns() != null && session.turns().current() != null;
    Instant next = earlier(next(session), nextWarning(session, now));
    return working ? earlier(next, now.plus(LOOK_AT_TURNS)) : next;
  }

  private static @Nullable Instant nextWarning(Session session, Instant now) {
    SessionInfo info = session.info();
    if (session.clockwork() == null || info == null || info.closedAt() != null) {
      return null;
    }
    Instant warning = session.clockwork().lifetime().nextWarning(now).orElse(null);
    Instant soonest = now.plus(LOOK_AT_RENEWALS);
    return warning == null || warning.isAfter(soonest) ? warning : soonest;
  }

  static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.isBefore(other) ? one : other;
  }

  /** What has fallen due and is not decided yet; each thing once. */
  List<SessionEvent> events() {
    List<SessionEvent> events = new ArrayList<>();
    Session state = session;
    for (Instant next = next(state); next != null && !next.isAfter(now); next = next(state)) {
      for (SessionEvent event : new DueRules(state, now).earliest()) {
        events.add(event);
        state = state.apply(event);
      }
    }
    return events;
  }

  /** What is due first. Never empty when something is due, so that each round leaves less. */
  private List<SessionEvent> earliest() {
    Instant waiter = session.waitpoints().nextDeadline();
    SessionInfo info = session.info();
    boolean ends = info != null && info.closedAt() == null && info.expiredAt() == null;
    LifetimeDeadline lifetime = ends ? lifetimeDue(info) : null;
    Instant report =
        ends && session.clockwork() != null && !isEnd(lifetime)
            ? session.clockwork().reportDue()
            : null;
    Instant first = earlier(waiter, earlier(lifetime == null ? null : lifetime.at(), report));
    Instant purge = session.retention().purgeDue(info);
    if (purge != null && (first == null || purge.isBefore(first))) {
      return List.of(new PurgeRules(session, now).purged());
    }
    if (waiter != null && waiter.equals(first)) {
      return timeOut(earlier(earlier(lifetime == null ? null : lifetime.at(), report), purge));
    }
    if (lifetime != null && lifetime.at().equals(first)) {
      return isEnd(lifetime) ? expire(lifetime.at()) : warn();
    }
    return report();
  }

  private static boolean isEnd(@Nullable LifetimeDeadline deadline) {
    return deadline != null && deadline.kind() == LifetimeDeadline.Kind.EXPIRY;
  }

  private @Nullable LifetimeDeadline lifetimeDue(SessionInfo info) {
    if (session.clockwork() != null) {
      return session.clockwork().lifetime().due(now).orElse(null);
    }
    Instant end = info.expiresAt();
    return end == null || end.isAfter(now)
        ? null
        : new LifetimeDeadline(LifetimeDeadline.Kind.EXPIRY, end);
  }

  /** All whose deadline has come, unless something else is due in between. */
  private List<SessionEvent> timeOut(@Nullable Instant before) {
    List<String> ids =
        session.waitpoints().due(now).stream()
            .filter(waitpoint -> before == null || !waitpoint.timeoutAt().isAfter(before))
            .map(Waitpoint::id)
            .toList();
    return List.of(new SessionEvent.WaitpointsTimedOut(ids, now));
  }

  private List<SessionEvent> warn() {
    Lifetime lifetime = clockwork().lifetime();
    return List.of(
        record(LifecycleRecord.warning(now, lifetime.expiresAt(), lifetime.minutesRemaining(now))),
        new SessionEvent.Warned(now));
  }

  private List<SessionEvent> expire(Instant end) {
    TurnRules turns = new TurnRules(session, now);
    List<StreamAppend> records = new ArrayList<>(turns.interruption());
    records.add(LifecycleRecord.expired(now, end).place(session, now));
    List<SessionEvent> events = new ArrayList<>();
    events.add(new SessionEvent.RecordsAppended(records));
    events.addAll(turns.interrupted());
    events.add(new SessionEvent.Expired(end, now));
    return events;
  }

  /** The newest of the renewals that came too soon after the last record. */
  private List<SessionEvent> report() {
    Activity cause = Objects.requireNonNull(clockwork().unreported(), "only what waits is due");
    SessionEvent.Touched reported =
        new SessionEvent.Touched(clockwork().lifetime(), cause, now, SessionEvent.Report.NOW);
    return List.of(record(LifecycleRecord.renewed(reported)), reported);
  }

  private Clockwork clockwork() {
    return Objects.requireNonNull(session.clockwork(), "only a lifetime has this deadline");
  }

  private SessionEvent record(LifecycleRecord record) {
    return new SessionEvent.RecordsAppended(List.of(record.place(session, now)));
  }
}
