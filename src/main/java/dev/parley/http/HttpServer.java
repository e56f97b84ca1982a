package dev.parley.http;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;

import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Cors;
import dev.parley.http.shared.Outgoing;
import dev.parley.http.shared.RequestId;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.ExceptionHandler;
import org.apache.pekko.http.javadsl.server.RejectionHandler;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.scaladsl.model.IllegalUriException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one port for all faces, HTTP/1.1 and HTTP/2 with prior knowledge. */
public final class HttpServer {
  private static final Logger log = LoggerFactory.getLogger(HttpServer.class);

  private final ActorSystem<?> system;
  private final Route routes;
  private final Outgoing outgoing;

  /**
   * @param routes all faces; what they answer is on its way out already
   */
  public HttpServer(ActorSystem<?> system, Route routes, Outgoing outgoing) {
    this.system = system;
    this.routes = routes;
    this.outgoing = outgoing;
  }

  /**
   * @param port 0 takes any free one
   */
  public CompletionStage<ServerBinding> bind(String host, int port) {
    Route all =
        concat(routes, extractRequest(this::unknownPath))
            .seal(RejectionHandler.defaultHandler(), unexpected());
    return Http.get(system).newServerAt(host, port).bind(all);
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
    log.error("{} failed [{}]", request.method().name(), RequestId.of(request), failure);
    return complete(outgoing.finish(request, Answers.error(500, "Internal Server Error")));
  }
}
