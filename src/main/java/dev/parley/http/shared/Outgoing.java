package dev.parley.http.shared;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every answer carries: CORS, security headers, the request's id and on HTTP/1.1 how long a
 * connection lasts.
 */
public final class Outgoing {
  private static final Logger access = LoggerFactory.getLogger("dev.parley.access");

  private static final HttpHeader CLOSE = Connection.create("close");

  private final HttpHeader keepAlive;
  private final BooleanSupplier closing;
  private final SecurityHeaders security;
  private final RequestMeter meter;

  /**
   * @param keepAlive how long an idle connection is kept, as it is announced to HTTP/1.1 clients
   * @param closing whether connections end with their next answer
   * @param meter counts all answers
   */
  public Outgoing(
      Duration keepAlive, BooleanSupplier closing, SecurityHeaders security, RequestMeter meter) {
    this.keepAlive = RawHeader.create("Keep-Alive", "timeout=" + keepAlive.toSeconds());
    this.closing = closing;
    this.security = security;
    this.meter = meter;
  }

  /**
   * The answer as it leaves. To be called once for each request.
   *
   * @param request with an id
   */
  public HttpResponse finish(HttpRequest request, HttpResponse response) {
    String id = RequestId.of(request);
    KnownRoutes.Known route = KnownRoutes.of(request);
    String method = request.method().name();
    int status = response.status().intValue();
    meter.answered(route, method, status, RequestId.age(request));
    if (access.isDebugEnabled()) {
      RequestLog.about(request, access.atDebug()).log("{} {} {}", status, method, route.pattern());
    }
    HttpResponse named =
        security.on(Cors.open(response)).addHeader(RawHeader.create(RequestId.HEADER, id));
    if (request.protocol().value().equals("HTTP/1.1")) {
      return named.addHeader(closing.getAsBoolean() ? CLOSE : keepAlive);
    }
    // HTTP/1.1 leaves out the body of an answer to HEAD by itself; HTTP/2 would send it.
    return request.method().equals(HttpMethods.HEAD) ? named.withEntity(HttpEntities.EMPTY) : named;
  }
}
