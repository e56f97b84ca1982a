package dev.parley.http.shared;

import dev.parley.auth.Authentication;
import dev.parley.auth.Authenticator;
import dev.parley.auth.Credential;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * Routes of the control plane and the channels, and others like them, and the order of their checks
 * (trigger.md section 1.2): method, sender, length of the body; what follows is the handler's.
 */
public final class Endpoints {
  /** What a route does once its sender is known. */
  public interface Handler extends Function<Call, CompletionStage<HttpResponse>> {}

  /** Who may call. */
  public enum Access {
    /** A secret key or a public token in the header. */
    ANY_CREDENTIAL,
    /** Likewise, or a public token in the query, for clients that can't send headers. */
    ANY_CREDENTIAL_OR_QUERY,
    /** Like {@link #ANY_CREDENTIAL}, or the visitor of a webchat. */
    VISITOR,
    /** Like {@link #ANY_CREDENTIAL_OR_QUERY}, or the visitor of a webchat. */
    VISITOR_OR_QUERY,
    /** A secret key; a public token is refused as no key at all. */
    SECRET_KEY
  }

  private final Exchanges exchanges;
  private final Authenticator authenticator;

  public Endpoints(Exchanges exchanges, Authenticator authenticator) {
    this.exchanges = exchanges;
    this.authenticator = authenticator;
  }

  /** The methods of one path of trigger.md, where a body must declare its length. */
  public Methods methods() {
    return new Methods(new ControlPlaneErrors(), true);
  }

  /** The methods of another path, where a body without a length is counted as it comes. */
  public Methods own() {
    return new Methods(new OwnErrors(), false);
  }

  /** Collects what each method of a path does. */
  public final class Methods {
    private final Map<String, Exchanges.Handler> byMethod = new LinkedHashMap<>();
    private final ErrorShape errors;
    private final boolean lengthRequired;

    private Methods(ErrorShape errors, boolean lengthRequired) {
      this.errors = errors;
      this.lengthRequired = lengthRequired;
    }

    /**
     * A route that only reads. What answers a GET also answers a HEAD, unless that has a handler of
     * its own; {@link Outgoing} leaves out the body.
     */
    public Methods loader(String method, Access access, Handler handler) {
      Exchanges.Handler loader =
          (request, body) -> handler.apply(new Call(request, credential(request, access), body, 0));
      byMethod.put(method, loader);
      if (method.equals("GET")) {
        byMethod.putIfAbsent("HEAD", loader);
      }
      return this;
    }

    /**
     * A route that changes something.
     *
     * @param maxBody the largest Content-Length that is accepted, in bytes
     */
    public Methods action(String method, Access access, long maxBody, Handler handler) {
      byMethod.put(
          method,
          (request, body) -> {
            Credential credential = credential(request, access);
            requireSize(body, maxBody);
            return handler.apply(new Call(request, credential, body, maxBody));
          });
      return this;
    }

    /**
     * A route that looks at its sender itself.
     *
     * @param maxBody the largest body, in bytes
     */
    public Methods open(String method, long maxBody, Exchanges.Handler handler) {
      byMethod.put(
          method,
          (request, body) -> {
            requireSize(body, maxBody);
            return handler.handle(request, body);
          });
      return this;
    }

    private void requireSize(IncomingBody body, long maxBody) {
      if (lengthRequired ? body.exceeds(maxBody) : body.isLongerThan(maxBody)) {
        throw new Refused(errors.bodyTooLarge(maxBody));
      }
    }

    public Route route() {
      return exchanges.route(errors, byMethod);
    }
  }

  private Credential credential(HttpRequest request, Access access) {
    Authentication authentication = authenticate(request, access);
    if (authentication instanceof Authentication.Refused refused) {
      throw new Refused(Answers.error(401, refused.error()));
    }
    Credential credential = ((Authentication.Accepted) authentication).credential();
    if (access == Access.SECRET_KEY && !credential.isSecretKey()) {
      throw new Refused(Answers.error(401, "Invalid or Missing API key"));
    }
    return credential;
  }

  private Authentication authenticate(HttpRequest request, Access access) {
    List<String> headers = authorizations(request);
    if (headers.isEmpty()
        && (access == Access.ANY_CREDENTIAL_OR_QUERY || access == Access.VISITOR_OR_QUERY)) {
      Optional<String> token = request.getUri().query().get("token");
      if (token.isPresent()) {
        return visitor(access, () -> authenticator.visitorByToken(token.get()))
            .orElseGet(() -> authenticator.authenticateToken(token.get()));
      }
    }
    String header = headers.size() == 1 ? headers.get(0) : null;
    return visitor(access, () -> header == null ? Optional.empty() : authenticator.visitor(header))
        .orElseGet(() -> authenticator.authenticate(header));
  }

  private static Optional<Authentication> visitor(
      Access access, Supplier<Optional<Credential.Visitor>> visitor) {
    return access == Access.VISITOR || access == Access.VISITOR_OR_QUERY
        ? visitor.get().map(Authentication.Accepted::new)
        : Optional.empty();
  }

  /**
   * The {@code Authorization} headers. Two of them are no credential: nobody could say which of
   * them a proxy has looked at.
   */
  public static List<String> authorizations(HttpRequest request) {
    return StreamSupport.stream(request.getHeaders().spliterator(), false)
        .filter(header -> header.is("authorization"))
        .map(HttpHeader::value)
        .toList();
  }
}
