package dev.parley.http;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;
import static org.apache.pekko.http.javadsl.server.Directives.handleExceptions;
import static org.apache.pekko.http.javadsl.server.Directives.mapRequest;
import static org.apache.pekko.http.javadsl.server.Directives.mapResponse;
import static org.apache.pekko.http.javadsl.server.Directives.options;

import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Cors;
import dev.parley.http.shared.RequestId;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.ExceptionHandler;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.scaladsl.model.IllegalUriException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one port for all faces, HTTP/1.1 and HTTP/2 with prior knowledge. */
public final class HttpServer {
  private static final Logger log = LoggerFactory.getLogger(HttpServer.class);
  private static final Logger access = LoggerFactory.getLogger("dev.parley.access");

  private final ActorSystem<?> system;
  private final Route routes;
  private final HttpHeader keepAlive;

  /**
   * @param routes all faces
   * @param keepAlive how long an idle connection is kept, as it is announced to HTTP/1.1 clients
   */
  public HttpServer(ActorSystem<?> system, Route routes, Duration keepAlive) {
    this.system = system;
    this.routes = routes;
    this.keepAlive = RawHeader.create("Keep-Alive", "timeout=" + keepAlive.toSeconds());
  }

  /**
   * @param port 0 takes any free one
   */
  public CompletionStage<ServerBinding> bind(String host, int port) {
    Route all =
        mapRequest(
            RequestId::assign,
            () ->
                extractRequest(
                    request ->
                        mapResponse(
                            response -> finish(request, response),
                            () ->
                                handleExceptions(
                                    unexpected(request),
                                    () ->
                                        concat(
                                            options(() -> extractRequest(this::preflight)),
                                            routes,
                                            extractRequest(this::unknownPath))))));
    return Http.get(system).newServerAt(host, port).bind(all);
  }

  private Route preflight(HttpRequest request) {
    request.discardEntityBytes(system);
    return complete(Cors.preflight());
  }

  private Route unknownPath(HttpRequest request) {
    request.discardEntityBytes(system);
    return complete(Answers.notFound("Not found"));
  }

  /** What a URL shows to be wrong only when it is looked at, and what nobody foresaw. */
  private static ExceptionHandler unexpected(HttpRequest request) {
    return ExceptionHandler.newBuilder()
        .match(
            IllegalUriException.class,
            e -> complete(Answers.error(400, "Malformed request: " + e.info().summary())))
        .matchAny(
            e -> {
              log.error("{} failed [{}]", request.method().name(), RequestId.of(request), e);
              return complete(Answers.error(500, "Internal Server Error"));
            })
        .build();
  }

  private HttpResponse finish(HttpRequest request, HttpResponse response) {
    String id = RequestId.of(request);
    if (access.isDebugEnabled()) {
      access.debug(
          "{} {} {} [{}]",
          response.status().intValue(),
          request.method().name(),
          request.getUri().path(),
          id);
    }
    HttpResponse named = Cors.open(response).addHeader(RawHeader.create(RequestId.HEADER, id));
    if (request.protocol().value().equals("HTTP/1.1")) {
      return named.addHeader(keepAlive);
    }
    // HTTP/1.1 leaves out the body of an answer to HEAD by itself; HTTP/2 would send it.
    return request.method().equals(HttpMethods.HEAD) ? named.withEntity(HttpEntities.EMPTY) : named;
  }
}
