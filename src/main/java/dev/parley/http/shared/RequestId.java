package dev.parley.http.shared;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/** Names a request in the answer's {@code X-Request-Id} and in the log. */
public final class RequestId {
  public static final String HEADER = "X-Request-Id";

  private static final AttributeKey<String> KEY = AttributeKey.create("request-id", String.class);

  private RequestId() {}

  /** Gives the request a new id. */
  public static HttpRequest assign(HttpRequest request) {
    return request.addAttribute(KEY, make());
  }

  static String make() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  }

  public static String of(HttpRequest request) {
    return request.getAttribute(KEY).orElse("-");
  }
}
