package dev.parley.http.web;

import dev.parley.entity.limit.Usage;
import dev.parley.http.shared.Answers;
import java.time.Duration;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** What the routes of this face refuse in common. */
final class WebErrors {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private WebErrors() {}

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
}
