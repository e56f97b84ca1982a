package dev.parley.http.web;

import dev.parley.entity.limit.Usage;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.ErrorShape;
import java.time.Duration;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * The errors of a route of this face, which name the route's own limit.
 *
 * @param maxBody the largest body, in bytes
 */
record WebErrors(long maxBody) implements ErrorShape {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /** For what is too busy to be begun. */
  static HttpResponse busy() {
    return Answers.unavailable(
        "Too many passwords are being checked at the moment, nothing was done, try again",
        RETRY_AFTER);
  }

  /**
   * 429, with the time until there may be more.
   *
   * @param what there was too much of
   */
  static HttpResponse tooMany(String what, Usage usage) {
    return Answers.retryLater(
        Answers.error(429, "Too many " + what + "; try again later"),
        Duration.ofSeconds(usage.secondsUntilReset()));
  }

  @Override
  public HttpResponse methodNotAllowed(HttpMethod used, String allowed) {
    return Answers.methodNotAllowed(used, allowed);
  }

  @Override
  public HttpResponse bodyTooLarge() {
    return Answers.error(
        413, "The body is too large; here it may hold at most " + maxBody + " bytes");
  }

  @Override
  public HttpResponse bodyIncomplete() {
    return Answers.error(400, "Request body is incomplete");
  }

  @Override
  public HttpResponse notAnswering() {
    return Answers.unavailable(
        "What was asked for does not answer at the moment, it may or may not have been done, try"
            + " again",
        RETRY_AFTER);
  }

  @Override
  public HttpResponse internalError() {
    return Answers.error(500, "Internal Server Error");
  }
}
