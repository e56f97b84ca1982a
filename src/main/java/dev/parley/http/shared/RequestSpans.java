package dev.parley.http.shared;

import dev.parley.tracing.Tracing;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;

/** The span of a request, which goes on that of the client if it names one. */
final class RequestSpans {
  private static final TextMapGetter<HttpRequest> HEADERS =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(HttpRequest request) {
          return W3CTraceContextPropagator.getInstance().fields();
        }

        @Override
        public @Nullable String get(@Nullable HttpRequest request, String name) {
          return request == null
              ? null
              : request.getHeader(name).map(HttpHeader::value).orElse(null);
        }
      };

  private final Tracing tracing;

  RequestSpans(Tracing tracing) {
    this.tracing = tracing;
  }

  /** The span of a request that has just come; one that is not recorded while tracing is off. */
  Span begin(HttpRequest request) {
    if (!tracing.isOn()) {
      return Span.getInvalid();
    }
    KnownRoutes.Known route = KnownRoutes.of(request);
    String method = request.method().name();
    return tracing
        .tracer()
        .spanBuilder(method + " " + route.pattern())
        .setSpanKind(SpanKind.SERVER)
        .setParent(
            W3CTraceContextPropagator.getInstance().extract(Context.root(), request, HEADERS))
        .setAttribute("http.request.method", method)
        .setAttribute("http.route", route.pattern())
        .setAttribute("parley.request", RequestId.of(request))
        .startSpan();
  }

  /** It was answered; of a stream this is its beginning. */
  void end(Span span, @Nullable HttpResponse response) {
    if (!span.isRecording()) {
      return;
    }
    if (response != null) {
      span.setAttribute("http.response.status_code", response.status().intValue());
    }
    if (response == null || response.status().intValue() >= 500) {
      span.setStatus(StatusCode.ERROR);
    }
    span.end();
  }
}
