package dev.parley.http.messaging;

import dev.parley.http.shared.ErrorShape;
import java.time.Clock;
import java.time.Duration;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** Every error is an object with a code, a message and the time (eliza.md section 7). */
final class MessagingErrorShape implements ErrorShape {
  private final Clock clock;

  MessagingErrorShape(Clock clock) {
    this.clock = clock;
  }

  /** A wrong method is as good as an unknown path (section 1). */
  @Override
  public HttpResponse methodNotAllowed(HttpMethod used, String allowed) {
    return response(unknownPath());
  }

  static MessagingError unknownPath() {
    return MessagingError.ofTransport(404, "NOT_FOUND", "API endpoint not found");
  }

  @Override
  public HttpResponse bodyTooLarge(long maxBytes) {
    return response(
        MessagingError.of(
            413,
            "PAYLOAD_TOO_LARGE",
            "The request body is too large; it may hold at most " + maxBytes + " bytes",
            null));
  }

  @Override
  public HttpResponse bodyIncomplete() {
    return response(
        MessagingError.of(400, "INCOMPLETE_BODY", "The body did not arrive as a whole", null));
  }

  @Override
  public HttpResponse notAnswering() {
    return response(
        MessagingError.unavailable(
            "What was asked for does not answer at the moment, try again", Duration.ofSeconds(1)));
  }

  @Override
  public HttpResponse internalError() {
    return response(
        MessagingError.of(500, "INTERNAL_SERVER_ERROR", "An unexpected error occurred", null));
  }

  HttpResponse response(MessagingError error) {
    return error.response(clock.instant());
  }
}
