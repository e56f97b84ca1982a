package dev.parley.http.shared;

import java.time.Duration;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * The errors of routes that trigger.md does not know, which name their limit (across.md section 9).
 */
public final class OwnErrors extends ControlPlaneErrors {
  @Override
  public HttpResponse bodyTooLarge(long maxBytes) {
    return Answers.error(
        413, "The body is too large; here it may hold at most " + maxBytes + " bytes");
  }

  @Override
  public HttpResponse notAnswering() {
    return Answers.unavailable(
        "What was asked for does not answer at the moment, it may or may not have been done, try"
            + " again",
        Duration.ofSeconds(1));
  }
}
