package dev.parley.http.shared;

import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;

/**
 * Answers bytes that are no HTTP request in the shape of every other error. Named in {@code
 * application.conf}; Pekko HTTP looks for a Scala object, which is what the field makes of this
 * class.
 */
public final class ParsingErrors extends ParsingErrorHandler {
  /** The only instance, under the name Scala gives it. */
  public static final ParsingErrors MODULE$ = new ParsingErrors();

  private ParsingErrors() {}

  @Override
  public HttpResponse handle(
      StatusCode status, ErrorInfo error, LoggingAdapter log, ServerSettings settings) {
    String id = RequestId.make();
    log.debug("Malformed request: {} [{}]", error.summary(), id);
    return Cors.open(Answers.malformed(status.intValue(), error.summary()))
        .addHeader(SecurityHeaders.NOSNIFF)
        .addHeader(RawHeader.create(RequestId.HEADER, id));
  }
}
