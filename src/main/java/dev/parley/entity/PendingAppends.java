package dev.parley.entity;

import dev.parley.session.SessionCommand.Appending;
import dev.parley.session.SessionReply;
import io.opentelemetry.api.trace.SpanContext;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** Appends that wait for the next commit, bounded by number and bytes. */
final class PendingAppends {
  /**
   * An append or a series, and who waits for its answer.
   *
   * @param trace the span that asks; null for none
   */
  record Pending(
      Appending appending,
      ActorRef<SessionReply> replyTo,
      long bytes,
      @Nullable SpanContext trace) {
    static Pending of(
        Appending appending, ActorRef<SessionReply> replyTo, @Nullable SpanContext trace) {
      return new Pending(appending, replyTo, appending.meteredSize(), trace);
    }
  }

  private final int maxCount;
  private final long maxBytes;
  private final Deque<Pending> queue = new ArrayDeque<>();
  private long bytes;

  PendingAppends(int maxCount, long maxBytes) {
    this.maxCount = maxCount;
    this.maxBytes = maxBytes;
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /** Takes the append in, unless that would exceed a bound. */
  boolean offer(Pending pending) {
    if (queue.size() >= maxCount || (!queue.isEmpty() && bytes + pending.bytes() > maxBytes)) {
      return false;
    }
    queue.addLast(pending);
    bytes += pending.bytes();
    return true;
  }

  /** Takes out the oldest appends, one at least, that fit into one event. */
  List<Pending> takeGroup(int maxRecords, long maxGroupBytes) {
    List<Pending> group = new ArrayList<>();
    long groupBytes = 0;
    int records = 0;
    while (!queue.isEmpty()) {
      Pending next = queue.getFirst();
      records += next.appending().recordCount();
      groupBytes += next.bytes();
      if (!group.isEmpty() && (records > maxRecords || groupBytes > maxGroupBytes)) {
        break;
      }
      group.add(queue.removeFirst());
      bytes -= next.bytes();
    }
    return group;
  }

  List<Pending> takeAll() {
    List<Pending> all = List.copyOf(queue);
    queue.clear();
    bytes = 0;
    return all;
  }
}
