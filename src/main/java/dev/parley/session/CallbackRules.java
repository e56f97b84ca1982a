package dev.parley.session;

import dev.parley.session.SessionCommand.CallbackTried;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Callbacks of waitpoints (issue 4, "Waiters"). From the end of its waitpoint on a callback is
 * owed, until a try settles it. That a try is under way is not part of the state: should it be lost
 * with its node, the callback is as due as before.
 */
final class CallbackRules {
  /** A try may wait for its turn and last so long before somebody sees to it again. */
  static final Duration LOOK_AGAIN = Duration.ofSeconds(15);

  private final Session session;
  private final Instant now;

  CallbackRules(Session session, Instant now) {
    this.session = session;
    this.now = now;
  }

  /** When somebody has to look after the callbacks; null for never, else behind now. */
  @Nullable Instant nextLook() {
    Instant next = session.waitpoints().nextTry();
    return next == null || next.isAfter(now) ? next : now.plus(LOOK_AGAIN);
  }

  /**
   * What the events leave to be said. That a callback is owed follows from the end of its
   * waitpoint; it is said in an event of its own in the same commit, for those who do not see
   * records.
   *
   * @param events that follow each other from the session on
   */
  List<SessionEvent> owed(List<SessionEvent> events) {
    boolean possible =
        session.waitpoints().callbacks() > 0
            || events.stream().anyMatch(SessionEvent.WaitpointCreated.class::isInstance);
    if (!possible || events.isEmpty()) {
      return List.of();
    }
    List<String> ids =
        session.applyAll(events).waitpoints().all().stream()
            .filter(waitpoint -> !waitpoint.isPending() && waitpoint.callback() != null)
            .filter(waitpoint -> waitpoint.callback().owedSince() == null)
            .map(Waitpoint::id)
            .toList();
    return ids.isEmpty() ? List.of() : List.of(new SessionEvent.CallbacksMoved(ids, 0, now, now));
  }

  Decision decide(CallbackTried tried) {
    Optional<Waitpoint> found =
        session.waitpoints().find(tried.id()).filter(Waitpoint::owesCallback);
    if (found.isEmpty()) {
      return Decision.reply(new SessionReply.NoSuchWaitpoint());
    }
    Callback callback = Objects.requireNonNull(found.get().callback(), "one is owed");
    Instant owedSince = Objects.requireNonNull(callback.owedSince(), "one is owed");
    int failed = callback.tries() + (tried.settled() ? 0 : 1);
    Instant next =
        tried.settled()
            ? null
            : tried.policy().nextTry(owedSince, tried.id(), failed, now).orElse(null);
    SessionEvent.CallbacksMoved moved =
        new SessionEvent.CallbacksMoved(List.of(tried.id()), failed, next, now);
    return new Decision(
        List.of(moved), new SessionReply.WaitpointIs(found.get().with(moved), false));
  }
}
