package dev.parley.http.shared;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/** Names a request in the answer's {@code X-Request-Id} and in the log, and knows when it came. */
public final class RequestId {
  public static final String HEADER = "X-Request-Id";

  private record Arrival(String id, long atNanos) {}

  private static final AttributeKey<Arrival> KEY = AttributeKey.create("request-id", Arrival.class);

  private RequestId() {}

  /** Gives the request a new id. To be called when it has just come. */
  public static HttpRequest assign(HttpRequest request) {
    return request.addAttribute(KEY, new Arrival(make(), System.nanoTime()));
  }

  static String make() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  }

  public static String of(HttpRequest request) {
    return request.getAttribute(KEY).map(Arrival::id).orElse("-");
  }

  /** Nanoseconds since the request came; 0 for one without an id. */
  static long age(HttpRequest request) {
    return request
        .getAttribute(KEY)
        .map(arrival -> System.nanoTime() - arrival.atNanos())
        .orElse(0L);
  }
}
