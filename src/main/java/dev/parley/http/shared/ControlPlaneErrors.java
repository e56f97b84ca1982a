package dev.parley.http.shared;

import java.time.Duration;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** The errors of the control plane and the channels (trigger.md section 1.2). */
public class ControlPlaneErrors implements ErrorShape {
  @Override
  public HttpResponse methodNotAllowed(HttpMethod used, String allowed) {
    return Answers.methodNotAllowed(used, allowed);
  }

  @Override
  public HttpResponse bodyTooLarge(long maxBytes) {
    return Answers.error(413, "Request body too large");
  }

  @Override
  public HttpResponse bodyIncomplete() {
    return Answers.error(400, "Request body is incomplete");
  }

  @Override
  public HttpResponse notAnswering() {
    return Answers.unavailable(
        "What was asked for does not answer at the moment, try again", Duration.ofSeconds(1));
  }

  @Override
  public HttpResponse internalError() {
    return Answers.error(500, "Internal Server Error");
  }
}
