package dev.parley.http.webchat;

import static org.apache.pekko.http.javadsl.server.Directives.concat;

import dev.parley.auth.Authenticator;
import dev.parley.auth.Environment;
import dev.parley.auth.RuntimeTokens;
import dev.parley.entity.Sessions;
import dev.parley.entity.webchat.Webchats;
import dev.parley.http.messaging.RateLimit;
import dev.parley.http.messaging.SessionCreation;
import dev.parley.http.shared.Endpoints;
import dev.parley.http.web.BrowserLogin;
import java.time.Clock;
import java.time.Duration;
import org.apache.pekko.http.javadsl.server.Route;

/** The webchat put together, without its sockets. */
public final class WebchatFace {
  private final WebchatAdminRoutes admin;
  private final VisitorSessionRoutes visits;
  private final VisitorTokenRoutes tokens;
  private final SnippetRoutes snippets;

  /**
   * What the operator decides.
   *
   * @param environment the tenant of all sessions
   * @param rateLimit sessions that one address may open
   * @param sessionTokenLife how long a visitor can come back to his session over HTTP
   * @param socketTokenLife how long the first token for a socket is good
   */
  public record Options(
      Environment environment,
      WidgetAddress widget,
      RateLimit rateLimit,
      Duration sessionTokenLife,
      Duration socketTokenLife) {}

  /**
   * @param creation makes the sessions, which are messaging sessions
   */
  public WebchatFace(
      Endpoints endpoints,
      Authenticator authenticator,
      BrowserLogin login,
      Webchats webchats,
      SessionCreation creation,
      Sessions sessions,
      RuntimeTokens tokens,
      Options options,
      Clock clock) {
    String environmentId = options.environment().id();
    this.admin = new WebchatAdminRoutes(endpoints, webchats, environmentId);
    this.visits = new VisitorSessionRoutes(endpoints, webchats, creation, tokens, options, clock);
    this.tokens = new VisitorTokenRoutes(endpoints, webchats, sessions, tokens, options, clock);
    this.snippets =
        new SnippetRoutes(
            endpoints, authenticator, login, webchats, options.widget(), environmentId);
  }

  public Route routes() {
    return concat(admin.routes(), visits.routes(), tokens.routes(), snippets.routes());
  }
}
