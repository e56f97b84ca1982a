package dev.parley.http.ws;

import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import dev.parley.auth.Authenticator;
import dev.parley.auth.Credential;
import dev.parley.auth.RuntimeTokens;
import dev.parley.auth.RuntimeTokens.Grant;
import dev.parley.auth.RuntimeTokens.User;
import dev.parley.entity.Sessions;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Endpoints;
import dev.parley.http.shared.Json;
import dev.parley.http.shared.Refused;
import dev.parley.http.web.BrowserLogin;
import dev.parley.session.Channel;
import dev.parley.session.SessionId;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code POST /api/ws/token}: a token for a socket, for who is logged in (web-runtime.md section
 * 4), and for a visitor who comes back with the token of his session.
 */
final class SocketTokenRoutes {
  private static final int MAX_BODY = 1_024;

  private final Endpoints endpoints;
  private final Authenticator authenticator;
  private final BrowserLogin login;
  private final Sessions sessions;
  private final RuntimeTokens tokens;
  private final SocketsFace.Options options;
  private final Clock clock;

  SocketTokenRoutes(
      Endpoints endpoints,
      Authenticator authenticator,
      BrowserLogin login,
      Sessions sessions,
      RuntimeTokens tokens,
      SocketsFace.Options options,
      Clock clock) {
    this.endpoints = endpoints;
    this.authenticator = authenticator;
    this.login = login;
    this.sessions = sessions;
    this.tokens = tokens;
    this.options = options;
    this.clock = clock;
  }

  Route routes() {
    return path(
        segment("api").slash("ws").slash("token"),
        () -> endpoints.own().open("POST", MAX_BODY, (request, body) -> mint(request)).route());
  }

  private CompletionStage<HttpResponse> mint(HttpRequest request) {
    List<String> headers = Endpoints.authorizations(request);
    return headers.isEmpty() ? forUser(request) : forVisitor(headers);
  }

  private CompletionStage<HttpResponse> forUser(HttpRequest request) {
    return login
        .forChange(request)
        .thenApply(
            found ->
                found
                    .map(
                        user ->
                            minted(
                                new User(
                                    options.environment(),
                                    user.userId(),
                                    user.sessionKey(),
                                    clock.instant().plus(options.userTokenLife()))))
                    .orElseThrow(() -> unauthorized("Log in first")));
  }

  private CompletionStage<HttpResponse> forVisitor(List<String> headers) {
    Credential.Visitor visitor =
        authenticator
            .visitor(headers.size() == 1 ? headers.get(0) : "")
            .orElseThrow(() -> unauthorized("The token is none of a webchat session"));
    RuntimeTokens.Visit visit = visitor.visit();
    SessionId id = SessionId.ofExternal(visit.environment().id(), visit.sessionId());
    return sessions
        .inspect(id, Channel.IN)
        .thenApply(
            inspection -> {
              if (!visitor.opens(inspection.generation())) {
                throw unauthorized("The session is there no more");
              }
              return minted(visit.until(clock.instant().plus(options.visitorTokenLife())));
            });
  }

  private HttpResponse minted(Grant grant) {
    // A token tells whole seconds.
    Instant end = Instant.ofEpochSecond(grant.expiresAt().getEpochSecond());
    return Answers.json(
        201,
        Json.object().put("token", tokens.socketToken(grant)).put("expiresAt", Json.date(end)));
  }

  private static Refused unauthorized(String text) {
    return new Refused(Answers.error(401, text));
  }
}
