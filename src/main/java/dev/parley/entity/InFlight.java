package dev.parley.entity;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Bounds the commands that this node has under way, so that overload is refused at once. */
final class InFlight {
  private final int maxCount;
  private final long maxBytes;
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  InFlight(int maxCount, long maxBytes) {
    this.maxCount = maxCount;
    this.maxBytes = maxBytes;
  }

  /** Counts a command in, unless that would exceed a bound. Each success needs one leave. */
  boolean enter(long size) {
    int commands = count.incrementAndGet();
    long total = bytes.addAndGet(size);
    if (commands > maxCount || total > maxBytes) {
      leave(size);
      return false;
    }
    return true;
  }

  /** How many commands are under way. */
  int count() {
    return count.get();
  }

  /** The metered size of what is under way. */
  long bytes() {
    return bytes.get();
  }

  void leave(long size) {
    count.decrementAndGet();
    bytes.addAndGet(-size);
  }
}
