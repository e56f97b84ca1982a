package dev.parley.http.shared;

import static org.apache.pekko.http.javadsl.server.Directives.completeWithFuture;
import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;

import dev.parley.auth.Authentication;
import dev.parley.auth.Authenticator;
import dev.parley.auth.Credential;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The order of checks (trigger.md section 1.2): method, sender, length of the body; what follows is
 * the handler's. Whatever a handler throws becomes an answer here, and a body that nobody read is
 * drained, since an unread one blocks its connection.
 */
public final class Endpoints {
  private static final Logger log = LoggerFactory.getLogger(Endpoints.class);

  /** What a route does once its sender is known. */
  public interface Handler extends Function<Call, CompletionStage<HttpResponse>> {}

  /** Who may call. */
  public enum Access {
    /** A secret key or a public token in the header. */
    ANY_CREDENTIAL,
    /** Likewise, or a public token in the query, for clients that can't send headers. */
    ANY_CREDENTIAL_OR_QUERY,
    /** A secret key; a public token is refused as no key at all. */
    SECRET_KEY
  }

  /**
   * @param maxBody limit of Content-Length, which must be present; negative for routes without body
   */
  private record Endpoint(Access access, long maxBody, Handler handler) {}

  private final ActorSystem<?> system;
  private final Authenticator authenticator;
  private final Outgoing outgoing;

  public Endpoints(ActorSystem<?> system, Authenticator authenticator, Outgoing outgoing) {
    this.system = system;
    this.authenticator = authenticator;
    this.outgoing = outgoing;
  }

  /** The methods of one path. */
  public Methods methods() {
    return new Methods();
  }

  /** Collects what each method of a path does. */
  public final class Methods {
    private final Map<String, Endpoint> byMethod = new LinkedHashMap<>();

    private Methods() {}

    /**
     * A route that only reads. What answers a GET also answers a HEAD, unless that has a handler of
     * its own; {@code HttpServer} leaves out the body.
     */
    public Methods loader(String method, Access access, Handler handler) {
      Endpoint endpoint = new Endpoint(access, -1, handler);
      byMethod.put(method, endpoint);
      if (method.equals("GET")) {
        byMethod.putIfAbsent("HEAD", endpoint);
      }
      return this;
    }

    /**
     * A route that changes something.
     *
     * @param maxBody the largest Content-Length that is accepted, in bytes
     */
    public Methods action(String method, Access access, long maxBody, Handler handler) {
      byMethod.put(method, new Endpoint(access, maxBody, handler));
      return this;
    }

    public Route route() {
      String allowed = String.join(", ", byMethod.keySet());
      return extractRequest(
          received -> {
            HttpRequest request = RequestId.assign(received);
            return completeWithFuture(
                answer(request, allowed).thenApply(response -> outgoing.finish(request, response)));
          });
    }

    private CompletionStage<HttpResponse> answer(HttpRequest request, String allowed) {
      Endpoint endpoint = byMethod.get(request.method().name());
      if (endpoint != null) {
        return Endpoints.this.answer(request, endpoint);
      }
      return refuse(
          request,
          Cors.isPreflight(request)
              ? Cors.preflight()
              : Answers.methodNotAllowed(request.method(), allowed));
    }
  }

  private CompletionStage<HttpResponse> answer(HttpRequest request, Endpoint endpoint) {
    Authentication authentication = authenticate(request, endpoint.access());
    if (authentication instanceof Authentication.Refused refused) {
      return refuse(request, Answers.error(401, refused.error()));
    }
    Credential credential = ((Authentication.Accepted) authentication).credential();
    if (endpoint.access() == Access.SECRET_KEY && !credential.isSecretKey()) {
      return refuse(request, Answers.error(401, "Invalid or Missing API key"));
    }
    if (endpoint.maxBody() >= 0 && isTooLarge(request, endpoint.maxBody())) {
      return refuse(request, Answers.error(413, "Request body too large"));
    }
    Call call = new Call(request, credential, system, endpoint.maxBody());
    return handle(call, endpoint.handler())
        .handle(
            (response, failure) -> {
              call.drain();
              return failure == null ? response : onFailure(request, failure);
            });
  }

  private static CompletionStage<HttpResponse> handle(Call call, Handler handler) {
    try {
      return handler.apply(call);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Two headers are no credential: nobody could say which of them a proxy has looked at. */
  private Authentication authenticate(HttpRequest request, Access access) {
    List<String> headers = new ArrayList<>();
    for (HttpHeader header : request.getHeaders()) {
      if (header.is("authorization")) {
        headers.add(header.value());
      }
    }
    if (headers.isEmpty() && access == Access.ANY_CREDENTIAL_OR_QUERY) {
      Optional<String> token = request.getUri().query().get("token");
      if (token.isPresent()) {
        return authenticator.authenticateToken(token.get());
      }
    }
    return authenticator.authenticate(headers.size() == 1 ? headers.get(0) : null);
  }

  /** Of HTTP/2 requests Pekko HTTP does not tell the length: {@link RequestBody} counts. */
  private static boolean isTooLarge(HttpRequest request, long maxBody) {
    OptionalLong length = request.entity().getContentLengthOption();
    return length.isPresent()
        ? length.getAsLong() > maxBody
        : !request.protocol().value().equals("HTTP/2.0");
  }

  private CompletionStage<HttpResponse> refuse(HttpRequest request, HttpResponse response) {
    request.discardEntityBytes(system);
    return CompletableFuture.completedFuture(response);
  }

  private static HttpResponse onFailure(HttpRequest request, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof Refused refused) {
      return refused.response();
    }
    if (cause instanceof TimeoutException) {
      return Answers.unavailable(
          "The session does not answer at the moment, try again", java.time.Duration.ofSeconds(1));
    }
    log.error(
        "{} {} failed [{}]",
        request.method().name(),
        request.getUri().path(),
        RequestId.of(request),
        cause);
    return Answers.error(500, "Internal Server Error");
  }
}
