package dev.parley.http.shared;

import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** Answers for pages of any origin (trigger.md section 1.3); credentials are bearer tokens only. */
public final class Cors {
  private static final HttpHeader ANY_ORIGIN = RawHeader.create("Access-Control-Allow-Origin", "*");

  private static final HttpHeader EXPOSE_ALL =
      RawHeader.create("Access-Control-Expose-Headers", "*");

  private static final String ALLOWED_HEADERS =
      String.join(
          ", ",
          List.of(
              "authorization",
              "content-type",
              "x-part-id",
              "last-event-id",
              "timeout-seconds",
              "x-peek-settled",
              "x-trigger-stream-start",
              "x-trigger-branch",
              "x-trigger-source",
              "x-trigger-client",
              "x-trigger-request-idempotency-key",
              "x-trigger-realtime-streams-version",
              "x-trigger-api-version",
              "trigger-version",
              "s2-basin",
              "s2-format"));

  private Cors() {}

  /** Whether the request only asks what it may send. */
  public static boolean isPreflight(HttpRequest request) {
    return request.method().equals(HttpMethods.OPTIONS);
  }

  /** The answer to {@code OPTIONS}, good for five minutes. */
  public static HttpResponse preflight() {
    return Answers.empty(200)
        .addHeaders(
            List.of(
                RawHeader.create(
                    "Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE"),
                RawHeader.create("Access-Control-Allow-Headers", ALLOWED_HEADERS),
                RawHeader.create("Access-Control-Max-Age", "300")));
  }

  /** Lets a page of another origin read the answer and all its headers. */
  public static HttpResponse open(HttpResponse response) {
    return response.addHeader(ANY_ORIGIN).addHeader(EXPOSE_ALL);
  }
}
