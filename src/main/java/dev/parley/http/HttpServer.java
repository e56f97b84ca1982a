package dev.parley.http;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;

import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Cors;
import dev.parley.http.shared.Outgoing;
import dev.parley.http.shared.RequestId;
import dev.parley.http.shared.RequestLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.ExceptionHandler;
import org.apache.pekko.http.javadsl.server.RejectionHandler;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.http.scaladsl.model.IllegalUriException;
import org.apache.pekko.io.Inet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one port for all faces, HTTP/1.1 and HTTP/2 with prior knowledge. */
public final class HttpServer {
  private static final Logger log = LoggerFactory.getLogger(HttpServer.class);

  /** 70 MB, the ceiling of the whole server (web-runtime.md section 7, across.md section 9). */
  private static final long MAX_CONTENT_LENGTH = 70L << 20;

  private final ActorSystem<?> system;
  private final Route routes;
  private final Outgoing outgoing;
  private final HeadersTimeout headers;

  /**
   * @param routes all faces; what they answer is on its way out already
   * @param headersWithin how long a connection may take to send the headers of its next request
   */
  public HttpServer(
      ActorSystem<?> system, Route routes, Outgoing outgoing, Duration headersWithin) {
    this.system = system;
    this.routes = routes;
    this.outgoing = outgoing;
    this.headers = new HeadersTimeout(headersWithin);
  }

  /**
   * @param port 0 takes any free one
   */
  public CompletionStage<ServerBinding> bind(String host, int port) {
    Route known = concat(routes, extractRequest(this::unknownPath));
    Route all =
        extractRequest(received -> isTooLarge(received) ? tooLarge(received) : known)
            .seal(RejectionHandler.defaultHandler(), unexpected());
    headers.start(system);
    return Http.get(system)
        .newServerAt(host, port)
        .adaptSettings(settings -> settings.withSocketOptions(withHeadersTimeout(settings)))
        .bind(headers.around(all.function(system)));
  }

  private List<Inet.SocketOption> withHeadersTimeout(ServerSettings settings) {
    List<Inet.SocketOption> options = new ArrayList<>();
    settings.getSocketOptions().forEach(options::add);
    options.add(headers);
    return options;
  }

  private static boolean isTooLarge(HttpRequest request) {
    return request.entity().getContentLengthOption().orElse(0) > MAX_CONTENT_LENGTH;
  }

  private Route tooLarge(HttpRequest received) {
    HttpRequest request = RequestId.assign(received);
    request.discardEntityBytes(system);
    return complete(
        outgoing.finish(
            request,
            Answers.error(
                413, "No request may have more than " + MAX_CONTENT_LENGTH + " bytes (70 MB)")));
  }

  private Route unknownPath(HttpRequest received) {
    HttpRequest request = RequestId.assign(received);
    request.discardEntityBytes(system);
    HttpResponse response =
        Cors.isPreflight(request) ? Cors.preflight() : Answers.notFound("Not found");
    return complete(outgoing.finish(request, response));
  }

  /** What a URL shows to be wrong only when it is looked at, and what nobody foresaw. */
  private ExceptionHandler unexpected() {
    return ExceptionHandler.newBuilder()
        .matchAny(failure -> extractRequest(received -> failed(received, failure)))
        .build();
  }

  private Route failed(HttpRequest received, Throwable failure) {
    HttpRequest request = RequestId.assign(received);
    if (failure instanceof IllegalUriException malformed) {
      return complete(outgoing.finish(request, Answers.malformed(400, malformed.info().summary())));
    }
    RequestLog.about(request, log.atError())
        .setCause(failure)
        .log("{} failed", request.method().name());
    return complete(outgoing.finish(request, Answers.error(500, "Internal Server Error")));
  }
}
