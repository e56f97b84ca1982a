package dev.parley.http.ws;

import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import dev.parley.auth.Authenticator;
import dev.parley.auth.Environment;
import dev.parley.auth.RuntimeTokens;
import dev.parley.auth.RuntimeTokens.Grant;
import dev.parley.auth.RuntimeTokens.Visit;
import dev.parley.entity.Sessions;
import dev.parley.entity.webchat.Webchats;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Endpoints;
import dev.parley.http.shared.Refused;
import dev.parley.http.web.BrowserLogin;
import dev.parley.http.webchat.AllowedOrigins;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.server.Route;

/** The WebSocket and its tokens put together. */
public final class SocketsFace {
  private final Endpoints endpoints;
  private final Webchats webchats;
  private final SocketTokenRoutes tokenRoutes;
  private final SocketUpgrade upgrade;
  private final Logins logins;

  /**
   * What the operator decides.
   *
   * @param environment the tenant of all sessions of users and visitors
   * @param userTokenLife how long a user's token is good
   * @param visitorTokenLife likewise a visitor's
   */
  public record Options(
      Environment environment,
      SocketSettings sockets,
      Duration userTokenLife,
      Duration visitorTokenLife) {}

  public SocketsFace(
      ActorSystem<?> system,
      Endpoints endpoints,
      Authenticator authenticator,
      BrowserLogin login,
      Sessions sessions,
      Webchats webchats,
      RuntimeTokens tokens,
      Options options,
      Clock clock) {
    this.endpoints = endpoints;
    this.webchats = webchats;
    this.logins = new Logins(login);
    this.tokenRoutes =
        new SocketTokenRoutes(endpoints, authenticator, login, sessions, tokens, options, clock);
    OpenSockets sockets =
        new OpenSockets(
            system,
            new ClientSocket.Surroundings(
                options.sockets(),
                new RequestHandling(sessions, tokens, logins),
                new SessionStreams(sessions, clock),
                logins,
                clock),
            sessions.leaving());
    this.upgrade = new SocketUpgrade(system, tokens, this::admit, sockets, options.sockets());
  }

  public Route routes() {
    return concat(
        tokenRoutes.routes(),
        path(segment("ws"), () -> endpoints.own().open("GET", 0, upgrade::open).route()));
  }

  /** An organization's origins count for the sockets of its visitors, too. */
  private CompletionStage<Boolean> admit(HttpRequest request, Grant grant) {
    return grant instanceof Visit visit && request.getHeader("Origin").isPresent()
        ? webchats
            .look(visit.organizationId())
            .thenApply(
                settings -> {
                  AllowedOrigins.refused(request, settings)
                      .ifPresent(
                          origin -> {
                            throw new Refused(
                                Answers.error(
                                    403, "The webchat does not allow pages of " + origin));
                          });
                  return true;
                })
        : logins.goesOn(grant);
  }
}
