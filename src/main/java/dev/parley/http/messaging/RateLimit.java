package dev.parley.http.messaging;

import dev.parley.entity.limit.Limits;
import dev.parley.entity.limit.Usage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * How many requests an address may make in a window, which begins with its first (eliza.md section
 * 1). The whole cluster counts together. Thread-safe.
 */
public final class RateLimit {
  private static final String KEY = "messaging:";

  private final Limits limits;
  private final long limit;
  private final Duration window;

  /**
   * @param limit requests in a window; 0 for no limit
   */
  public RateLimit(Limits limits, long limit, Duration window) {
    this.limits = limits;
    this.limit = limit;
    this.window = window;
  }

  /** Counts a request. Never fails: when nobody tells the count in time, it may pass. */
  CompletionStage<Usage> take(String address) {
    return limits.take(KEY + address, limit, window);
  }

  /** The standard headers; none when nothing is limited. */
  static List<HttpHeader> headers(Usage usage) {
    return usage.limit() == 0
        ? List.of()
        : List.of(
            RawHeader.create(
                "RateLimit-Policy", usage.limit() + ";w=" + usage.window().toSeconds()),
            RawHeader.create("RateLimit-Limit", Long.toString(usage.limit())),
            RawHeader.create("RateLimit-Remaining", Long.toString(usage.remaining())),
            RawHeader.create("RateLimit-Reset", Long.toString(usage.secondsUntilReset())));
  }
}
