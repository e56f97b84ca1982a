package dev.parley.entity;

import dev.parley.entity.SessionMessage.Watch;
import dev.parley.session.Session;
import dev.parley.session.Waitpoint;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Those who look at a waitpoint until it ends or they have waited long enough. */
final class Watchers {
  private record Watcher(Watch watch, long deadline) {}

  private final List<Watcher> watchers = new ArrayList<>();

  boolean isEmpty() {
    return watchers.isEmpty();
  }

  /** Answers at once if there is nothing to wait for, else later. */
  void add(Watch watch, Session session, long nanoTime) {
    Optional<Waitpoint> found = session.waitpoints().find(watch.id());
    if (found.isEmpty() || found.get().outcome() != null || watch.maxWait().isZero()) {
      watch.replyTo().tell(new WaitpointReply(found.orElse(null)));
    } else {
      watchers.add(new Watcher(watch, nanoTime + watch.maxWait().toNanos()));
    }
  }

  /** Answers everybody with how it is now: the session goes, and who goes on looking asks again. */
  void answerAll(Session session) {
    for (Watcher watcher : watchers) {
      tell(watcher, session.waitpoints().find(watcher.watch().id()));
    }
    watchers.clear();
  }

  private static void tell(Watcher watcher, Optional<Waitpoint> found) {
    watcher.watch().replyTo().tell(new WaitpointReply(found.orElse(null)));
  }

  /** Answers those whose waitpoint has ended, and those who have waited long enough. */
  void answer(Session session, long nanoTime) {
    for (Iterator<Watcher> all = watchers.iterator(); all.hasNext(); ) {
      Watcher watcher = all.next();
      Optional<Waitpoint> found = session.waitpoints().find(watcher.watch().id());
      boolean ended = found.isEmpty() || found.get().outcome() != null;
      if (ended || watcher.deadline() - nanoTime <= 0) {
        all.remove();
        tell(watcher, found);
      }
    }
  }
}
