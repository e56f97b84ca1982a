package dev.parley.entity;

import dev.parley.entity.SessionMessage.WatchRenewals;
import dev.parley.session.Clockwork;
import dev.parley.session.Lifetime;
import dev.parley.session.Session;
import dev.parley.session.SessionEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The newest renewals of a session and those who wait for the next one. The lifecycle channel has
 * one record for several renewals (across.md section 2); here is each of them, while the session is
 * awake. A renewal's place is its count, which is durable: after a restart nothing is remembered,
 * but whoever has missed something is told where the session stands now.
 */
final class RecentRenewals {
  private static final int MAX_ENDS = 64;

  private record Waiting(WatchRenewals watch, long deadlineNanos) {}

  private final Deque<Renewals> newest = new ArrayDeque<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private long count;

  /** Begins anew with what the journal holds; who waits is to ask again. */
  void recovered(Session session) {
    newest.clear();
    count = count(session);
    answerAll(session);
  }

  /** Takes in events that have just become durable. */
  void note(List<? extends SessionEvent> events) {
    for (SessionEvent event : events) {
      if (event instanceof SessionEvent.Touched touched
          && touched.lifetime().renewalCount() > count) {
        note(touched);
      }
    }
  }

  /** Those that leave the same end, as all of one commit do, are kept together. */
  private void note(SessionEvent.Touched touched) {
    Lifetime lifetime = touched.lifetime();
    Renewals last = newest.peekLast();
    boolean alike =
        last != null
            && last.expiresAt().equals(lifetime.expiresAt())
            && last.cause() == touched.cause();
    long first = alike ? newest.removeLast().firstCount() : count + 1;
    count = lifetime.renewalCount();
    newest.addLast(new Renewals(first, count, lifetime.expiresAt(), touched.cause()));
    if (newest.size() > MAX_ENDS) {
      newest.removeFirst();
    }
  }

  boolean isAwaited() {
    return !waiting.isEmpty();
  }

  /** Answers at once if there is something to tell, else later. */
  void add(WatchRenewals watch, Session session, long nanoTime) {
    waiting.add(new Waiting(watch, nanoTime + watch.maxWait().toNanos()));
    answer(session, nanoTime);
  }

  /** Answers those for whom there is something, and those who have waited long enough. */
  void answer(Session session, long nanoTime) {
    waiting.removeIf(
        each -> {
          boolean due = each.watch().afterCount() < count || each.deadlineNanos() - nanoTime <= 0;
          if (due) {
            tell(each.watch(), session);
          }
          return due;
        });
  }

  /** Answers everybody: the session goes, and who goes on watching asks again. */
  void answerAll(Session session) {
    waiting.forEach(each -> tell(each.watch(), session));
    waiting.clear();
  }

  private void tell(WatchRenewals watch, Session session) {
    watch.replyTo().tell(new RenewalsReply(after(watch.afterCount(), session)));
  }

  private List<Renewals> after(long known, Session session) {
    List<Renewals> found =
        newest.stream()
            .filter(renewals -> renewals.lastCount() > known)
            .map(
                renewals ->
                    new Renewals(
                        Math.max(renewals.firstCount(), known + 1),
                        renewals.lastCount(),
                        renewals.expiresAt(),
                        renewals.cause()))
            .toList();
    Clockwork clockwork = session.clockwork();
    return found.isEmpty() && clockwork != null && known < count
        ? List.of(new Renewals(count, count, clockwork.lifetime().expiresAt(), null))
        : found;
  }

  private static long count(Session session) {
    return session.clockwork() == null ? 0 : session.clockwork().lifetime().renewalCount();
  }
}
