package dev.parley.http.ws;

import dev.parley.entity.RecordBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What waits to be sent on one socket. Records are kept as they were read, which all readers of a
 * stream share, and become text when they leave. Used by one actor.
 */
final class Outbox {
  /** What a frame costs besides its text. */
  private static final int OVERHEAD = 64;

  private static final int WRITE_COUNT = 64;
  private static final int WRITE_BYTES = 65_536;

  private final long maxBytes;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private long bytes;

  private record Waiting(long bytes, Supplier<Optional<String>> text) {}

  Outbox(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  void add(String frame) {
    add(new Waiting(OVERHEAD + frame.length(), () -> Optional.of(frame)));
  }

  void add(Subscription subscription, RecordBatch batch) {
    add(
        new Waiting(
            OVERHEAD + batch.meteredBytes(),
            () -> {
              subscription.sentTo(batch.endSeq());
              return OutgoingFrames.records(subscription, batch);
            }));
  }

  private void add(Waiting frame) {
    bytes += frame.bytes();
    waiting.addLast(frame);
  }

  /** Whether those who have more to send must wait. */
  boolean isFull() {
    return bytes >= maxBytes;
  }

  /** The next frames in their order; empty when there are none. */
  List<String> take() {
    List<String> taken = new ArrayList<>();
    long size = 0;
    while (!waiting.isEmpty() && taken.size() < WRITE_COUNT && size < WRITE_BYTES) {
      Waiting next = waiting.removeFirst();
      bytes -= next.bytes();
      size += next.bytes();
      next.text().get().ifPresent(taken::add);
    }
    return taken;
  }

  void clear() {
    waiting.clear();
    bytes = 0;
  }
}
