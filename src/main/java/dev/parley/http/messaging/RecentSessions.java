package dev.parley.http.messaging;

import dev.parley.projection.Item;
import dev.parley.session.SessionId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The sessions that this node has created lately. The index follows the journal by a fraction of a
 * second; with these a list shows a session to whoever has just created it here. Thread-safe.
 */
final class RecentSessions {
  /** Longer than the index ever lags when all is well. */
  private static final Duration KEPT = Duration.ofSeconds(30);

  private static final int MAX_COUNT = 10_000;

  private record Created(Item item, long nanos) {}

  private final LongSupplier nanoTime;
  private final Deque<Created> oldestFirst = new ArrayDeque<>();

  RecentSessions(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  synchronized void add(Item item) {
    oldestFirst.addLast(new Created(item, nanoTime.getAsLong()));
    forgetOld();
  }

  synchronized List<Item> items() {
    forgetOld();
    return oldestFirst.stream().map(Created::item).toList();
  }

  synchronized void remove(SessionId id) {
    oldestFirst.removeIf(created -> created.item().id().equals(id));
  }

  private void forgetOld() {
    long now = nanoTime.getAsLong();
    while (!oldestFirst.isEmpty()
        && (oldestFirst.size() > MAX_COUNT
            || now - oldestFirst.getFirst().nanos() > KEPT.toNanos())) {
      oldestFirst.removeFirst();
    }
  }
}
