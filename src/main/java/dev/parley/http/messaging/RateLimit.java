package dev.parley.http.messaging;

import dev.parley.entity.limit.Limits;
import dev.parley.entity.limit.Usage;
import dev.parley.http.shared.ClientAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * How many requests an address may make in a window, which begins with its first (eliza.md section
 * 1). The whole cluster counts together. Thread-safe.
 */
public final class RateLimit {
  private final Limits limits;
  private final String name;
  private final long limit;
  private final Duration window;
  private final ClientAddress address;

  /**
   * @param name of what is limited; each has a count of its own
   * @param limit requests in a window; 0 for no limit
   */
  public RateLimit(Limits limits, String name, long limit, Duration window, ClientAddress address) {
    this.limits = limits;
    this.name = name;
    this.limit = limit;
    this.window = window;
    this.address = address;
  }

  /** Counts a request. Never fails: when nobody tells the count in time, it may pass. */
  public CompletionStage<Usage> take(HttpRequest request) {
    return limits.take(name + ":" + address.of(request), limit, window);
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
