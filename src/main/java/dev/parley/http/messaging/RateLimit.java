package dev.parley.http.messaging;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * How many requests an address may make in a window, which begins with its first (eliza.md section
 * 1). Each node counts what reaches it. Thread-safe.
 */
public final class RateLimit {
  /** Windows that are remembered; beyond that the oldest is forgotten. */
  private static final int MAX_ADDRESSES = 100_000;

  /** Requests of an address, and when its window began. */
  private record Window(long startNanos, long count) {}

  /**
   * What a request has found.
   *
   * @param limit 0 when nothing is limited
   */
  public record Usage(long limit, long count, Duration window, Duration untilReset) {
    public boolean isAllowed() {
      return limit == 0 || count <= limit;
    }

    /** The standard headers; none when nothing is limited. */
    List<HttpHeader> headers() {
      List<HttpHeader> headers = new ArrayList<>();
      if (limit > 0) {
        headers.add(RawHeader.create("RateLimit-Policy", limit + ";w=" + window.toSeconds()));
        headers.add(RawHeader.create("RateLimit-Limit", Long.toString(limit)));
        headers.add(
            RawHeader.create("RateLimit-Remaining", Long.toString(Math.max(0, limit - count))));
        headers.add(RawHeader.create("RateLimit-Reset", Long.toString(secondsUntilReset())));
      }
      return headers;
    }

    /** Rounded up, at least 1. */
    long secondsUntilReset() {
      return Math.max(1, (untilReset.toMillis() + 999) / 1000);
    }
  }

  private final long limit;
  private final Duration window;
  private final LongSupplier nanoTime;
  private final Map<String, Window> windows =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Window> eldest) {
          return size() > MAX_ADDRESSES;
        }
      };

  /**
   * @param limit requests in a window; 0 for no limit
   * @param nanoTime of a clock that never jumps, as {@link System#nanoTime}
   */
  public RateLimit(long limit, Duration window, LongSupplier nanoTime) {
    this.limit = limit;
    this.window = window;
    this.nanoTime = nanoTime;
  }

  /** Counts a request. */
  public synchronized Usage take(String address) {
    if (limit == 0) {
      return new Usage(0, 0, window, Duration.ZERO);
    }
    long now = nanoTime.getAsLong();
    Window before = windows.get(address);
    boolean fresh = before == null || now - before.startNanos() >= window.toNanos();
    if (fresh) {
      // To the end of the order, so that the eldest entry is the one whose window began first.
      windows.remove(address);
    }
    Window after = fresh ? new Window(now, 1) : new Window(before.startNanos(), before.count() + 1);
    windows.put(address, after);
    return new Usage(
        limit, after.count(), window, window.minusNanos(Math.max(0, now - after.startNanos())));
  }
}
