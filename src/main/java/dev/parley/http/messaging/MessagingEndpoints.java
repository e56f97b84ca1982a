package dev.parley.http.messaging;

import dev.parley.entity.limit.Usage;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Cors;
import dev.parley.http.shared.Exchanges;
import dev.parley.http.shared.IncomingBody;
import dev.parley.http.shared.Refused;
import dev.parley.tracing.Carried;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * Routes of this face, and the order of their checks (eliza.md section 1): rate, key, path and
 * method, content type, length; what follows is the handler's.
 */
public final class MessagingEndpoints {
  /** What a path does for one method. May throw, or fail with, {@link MessagingRefused}. */
  public interface Handler extends Function<MessagingCall, CompletionStage<HttpResponse>> {}

  /** Hears of every answered request. */
  public interface Meter {
    /**
     * @param code of the error; empty for none
     */
    void answered(String method, int status, String code, Duration took);
  }

  private static final String METHODS = "GET, POST, PUT, DELETE, PATCH, OPTIONS";
  private static final String HEADERS = "Content-Type, Authorization, X-API-KEY, Idempotency-Key";

  /** Who may come without the key. */
  private interface Guests {
    CompletionStage<Boolean> admit(HttpRequest request);
  }

  private static final Guests NOBODY = request -> CompletableFuture.completedFuture(false);

  private final Exchanges exchanges;
  private final ApiKey key;
  private final Visitors visitors;
  private final RateLimit rateLimit;
  private final long maxBody;
  private final MessagingErrorShape errors;
  private final Meter meter;

  /**
   * @param maxBody the largest body that is taken, in bytes
   */
  MessagingEndpoints(
      Exchanges exchanges,
      ApiKey key,
      Visitors visitors,
      RateLimit rateLimit,
      long maxBody,
      Meter meter,
      Clock clock) {
    this.exchanges = exchanges;
    this.key = key;
    this.visitors = visitors;
    this.rateLimit = rateLimit;
    this.maxBody = maxBody;
    this.errors = new MessagingErrorShape(clock);
    this.meter = meter;
  }

  /**
   * One path.
   *
   * @param byMethod what answers a GET also answers a HEAD
   */
  public Route route(Map<String, Handler> byMethod) {
    return route(byMethod, NOBODY);
  }

  /**
   * One path of a session.
   *
   * @param forVisitors the methods that the session's own visitor may use without the key
   */
  Route route(String sessionId, Set<String> forVisitors, Map<String, Handler> byMethod) {
    return route(
        byMethod,
        request ->
            forVisitors.contains(request.method().name())
                ? visitors.admits(request, sessionId)
                : NOBODY.admit(request));
  }

  private Route route(Map<String, Handler> byMethod, Guests guests) {
    Map<String, Handler> handlers = new HashMap<>(byMethod);
    if (byMethod.containsKey("GET")) {
      handlers.put("HEAD", byMethod.get("GET"));
    }
    return exchanges.route(
        errors,
        (request, body) ->
            Cors.isPreflight(request)
                ? CompletableFuture.completedFuture(preflight())
                : metered(request, limited(request, body, handlers, guests), handlers));
  }

  /** A method that is not served here has no name of its own, since clients may make it up. */
  private CompletionStage<HttpResponse> metered(
      HttpRequest request, CompletionStage<HttpResponse> answer, Map<String, Handler> handlers) {
    long start = System.nanoTime();
    String method = request.method().name();
    return answer.whenComplete(
        (response, failure) ->
            meter.answered(
                handlers.containsKey(method) ? method : "other",
                failure == null ? response.status().intValue() : 500,
                failure == null ? MessagingError.codeOf(response) : "INTERNAL_SERVER_ERROR",
                Duration.ofNanos(System.nanoTime() - start)));
  }

  /** Every path that nobody serves. */
  public Route unknownPath() {
    return route(Map.of());
  }

  private static HttpResponse preflight() {
    return Answers.empty(204)
        .addHeaders(
            List.of(
                RawHeader.create("Access-Control-Allow-Methods", METHODS),
                RawHeader.create("Access-Control-Allow-Headers", HEADERS),
                RawHeader.create("Access-Control-Max-Age", "300")));
  }

  private CompletionStage<HttpResponse> limited(
      HttpRequest request, IncomingBody body, Map<String, Handler> handlers, Guests guests) {
    return Carried.here(rateLimit.take(request))
        .thenCompose(
            usage ->
                (usage.isAllowed()
                        ? checked(request, body, handlers, guests)
                        : completed(errors.response(tooMany(usage))))
                    .thenApply(response -> response.addHeaders(RateLimit.headers(usage))));
  }

  private static MessagingError tooMany(Usage usage) {
    return new MessagingError(
        429,
        "RATE_LIMIT_EXCEEDED",
        "Too many requests: at most %d in %d s from one address"
            .formatted(usage.limit(), usage.window().toSeconds()),
        null,
        true,
        Duration.ofSeconds(usage.secondsUntilReset()));
  }

  private CompletionStage<HttpResponse> checked(
      HttpRequest request, IncomingBody body, Map<String, Handler> handlers, Guests guests) {
    CompletionStage<HttpResponse> answer;
    try {
      MessagingCall call = new MessagingCall(request, body, maxBody);
      answer =
          key.admits(request)
              ? handle(request, call, handlers)
              : guests.admit(request).thenCompose(is -> asGuest(is, request, call, handlers));
    } catch (MessagingRefused refused) {
      return CompletableFuture.completedFuture(errors.response(refused.error()));
    }
    return answer
        .handle((response, failure) -> failure == null ? completed(response) : refused(failure))
        .thenCompose(Function.identity());
  }

  private CompletionStage<HttpResponse> asGuest(
      boolean isGuest, HttpRequest request, MessagingCall call, Map<String, Handler> handlers) {
    if (!isGuest) {
      throw MessagingError.unauthorized().refused();
    }
    return handle(request, call, handlers);
  }

  private CompletionStage<HttpResponse> handle(
      HttpRequest request, MessagingCall call, Map<String, Handler> handlers) {
    Handler handler = handlers.get(request.method().name());
    if (handler == null) {
      throw MessagingErrorShape.unknownPath().refused();
    }
    call.requireAcceptedType();
    return call.isTooLarge() ? completed(errors.bodyTooLarge(call.maxBody())) : handler.apply(call);
  }

  /** What nobody foresaw goes on to where it is logged. */
  private CompletionStage<HttpResponse> refused(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof MessagingRefused refused) {
      return completed(errors.response(refused.error()));
    }
    return cause instanceof Refused refused
        ? completed(refused.response())
        : CompletableFuture.failedFuture(cause);
  }

  private static CompletionStage<HttpResponse> completed(HttpResponse response) {
    return CompletableFuture.completedFuture(response);
  }
}
