package dev.parley.http.s2;

import dev.parley.http.shared.ErrorShape;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** Every error has a code and a message (s2.md section 6). */
final class S2ErrorShape implements ErrorShape {
  @Override
  public HttpResponse methodNotAllowed(HttpMethod used, String allowed) {
    return S2Error.of(405, "method_not_allowed", "only " + allowed + " can be used here")
        .response()
        .addHeader(RawHeader.create("Allow", allowed));
  }

  @Override
  public HttpResponse bodyTooLarge(long maxBytes) {
    return S2Error.of(
            413,
            "invalid",
            "no record batch is so large that it needs more than " + maxBytes + " bytes")
        .response();
  }

  @Override
  public HttpResponse bodyIncomplete() {
    return S2Error.of(408, "request_timeout", "the body did not arrive as a whole").response();
  }

  @Override
  public HttpResponse notAnswering() {
    return S2Error.unavailable("the session does not answer at the moment").response();
  }

  @Override
  public HttpResponse internalError() {
    return S2Error.of(500, "other", "internal error").response();
  }
}
