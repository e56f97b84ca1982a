package dev.parley.http.shared;

import static org.apache.pekko.http.javadsl.server.Directives.completeWithFuture;
import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;

import dev.parley.entity.Leaving;
import dev.parley.projection.CatalogUnavailable;
import dev.parley.tracing.Tracing;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Scope;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * From request to answer, as it is for every face: an id, the method, the handler, whatever it
 * throws turned into an answer, an unread body drained, and the headers that all answers carry.
 */
public final class Exchanges {
  private static final Logger log = LoggerFactory.getLogger(Exchanges.class);

  /** What a path does for one method. May throw {@link Refused}. */
  public interface Handler {
    CompletionStage<HttpResponse> handle(HttpRequest request, IncomingBody body);
  }

  private final ActorSystem<?> system;
  private final Outgoing outgoing;
  private final Leaving leaving;
  private final RequestSpans spans;
  private final Duration bodyWithin;

  /**
   * @param leaving waits for requests until they are answered; an answer that is a stream is the
   *     stream's own affair from then on
   * @param bodyWithin how long a body that is read as a whole may take to come
   */
  public Exchanges(ActorSystem<?> system, Outgoing outgoing, Leaving leaving, Duration bodyWithin) {
    this.system = system;
    this.outgoing = outgoing;
    this.leaving = leaving;
    this.spans = new RequestSpans(Tracing.of(system));
    this.bodyWithin = bodyWithin;
  }

  /** A request that ends by itself, however long that takes. */
  private static final class UnderWay implements Leaving.Guest {
    @Override
    public void leave() {}
  }

  /**
   * One path.
   *
   * @param byMethod in the order in which {@code Allow} names them
   */
  public Route route(ErrorShape errors, Map<String, Handler> byMethod) {
    return route(errors, (request, body) -> answer(request, body, errors, byMethod));
  }

  /** One path whose handler takes every method, {@code OPTIONS} included. */
  public Route route(ErrorShape errors, Handler handler) {
    return extractRequest(
        received -> {
          HttpRequest request = RequestId.assign(received);
          IncomingBody body = new IncomingBody(request, errors, bodyWithin, system);
          UnderWay guest = new UnderWay();
          Span span = spans.begin(request);
          leaving.enter(guest);
          return completeWithFuture(
              attempt(span, request, body, handler)
                  .handle(
                      (response, failure) ->
                          failure == null ? response : onFailure(span, request, errors, failure))
                  .thenCompose(
                      response ->
                          body.drain().thenApply(drained -> outgoing.finish(request, response)))
                  .whenComplete(
                      (response, failure) -> {
                        leaving.exit(guest);
                        spans.end(span, response);
                      }));
        });
  }

  /** What the handler asks others for, at once or later, belongs to the span. */
  private static CompletionStage<HttpResponse> attempt(
      Span span, HttpRequest request, IncomingBody body, Handler handler) {
    if (!span.getSpanContext().isValid()) {
      return attempt(request, body, handler);
    }
    try (Scope entered = span.makeCurrent()) {
      return attempt(request, body, handler);
    }
  }

  private static CompletionStage<HttpResponse> attempt(
      HttpRequest request, IncomingBody body, Handler handler) {
    try {
      return handler.handle(request, body);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static CompletionStage<HttpResponse> answer(
      HttpRequest request, IncomingBody body, ErrorShape errors, Map<String, Handler> byMethod) {
    Handler handler = byMethod.get(request.method().name());
    if (handler == null) {
      return CompletableFuture.completedFuture(
          Cors.isPreflight(request)
              ? Cors.preflight()
              : errors.methodNotAllowed(request.method(), String.join(", ", byMethod.keySet())));
    }
    return handler.handle(request, body);
  }

  private static HttpResponse onFailure(
      Span span, HttpRequest request, ErrorShape errors, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof Refused refused) {
      return refused.response();
    }
    if (cause instanceof TimeoutException
        || cause instanceof CatalogUnavailable
        || DatabaseOutage.is(cause)) {
      return errors.notAnswering();
    }
    LoggingEventBuilder line = RequestLog.about(request, log.atError()).setCause(cause);
    if (span.getSpanContext().isValid()) {
      line = line.addKeyValue("trace", span.getSpanContext().getTraceId());
    }
    line.log("{} {} failed", request.method().name(), KnownRoutes.of(request).pattern());
    return errors.internalError();
  }
}
