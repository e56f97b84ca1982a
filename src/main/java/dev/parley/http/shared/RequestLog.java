package dev.parley.http.shared;

import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.slf4j.spi.LoggingEventBuilder;

/** What a line of the log says of its request, beside its text. */
public final class RequestLog {
  private RequestLog() {}

  /** The line with the request's id and, where it names one, its session. */
  public static LoggingEventBuilder about(HttpRequest request, LoggingEventBuilder line) {
    LoggingEventBuilder named = line.addKeyValue("request", RequestId.of(request));
    String session = KnownRoutes.session(request);
    return session == null ? named : named.addKeyValue("session", session);
  }
}
