package dev.parley;

import dev.parley.auth.Authenticator;
import dev.parley.auth.Environment;
import dev.parley.auth.Environments;
import dev.parley.auth.RuntimeTokens;
import dev.parley.entity.Sessions;
import dev.parley.entity.limit.Limits;
import dev.parley.entity.webchat.OrganizationSettings;
import dev.parley.entity.webchat.Webchats;
import dev.parley.http.messaging.MessagingFace;
import dev.parley.http.shared.Endpoints;
import dev.parley.http.shared.Exchanges;
import dev.parley.http.shared.PublicOrigin;
import dev.parley.http.web.WebFace;
import dev.parley.http.webchat.WebchatFace;
import dev.parley.http.webchat.WidgetAddress;
import dev.parley.http.widget.WidgetFace;
import dev.parley.http.ws.SocketsFace;
import java.time.Clock;
import java.util.List;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.server.Directives;
import org.apache.pekko.http.javadsl.server.Route;

/** The webchat and the WebSocket of one node, with what both need. */
final class WebchatFaces {
  private final Settings settings;
  private final WebFace browsers;

  /**
   * @param browsers says who is logged in
   */
  WebchatFaces(Settings settings, WebFace browsers) {
    this.settings = settings;
    this.browsers = browsers;
  }

  /** Starts what is behind the sockets. To be called once for each actor system. */
  Route routes(
      ActorSystem<?> system,
      Exchanges exchanges,
      Endpoints endpoints,
      Authenticator authenticator,
      Webchats webchats,
      Sessions sessions,
      MessagingFace messaging,
      Limits limits,
      PublicOrigin origin,
      Clock clock) {
    List<Environment> environments = settings.environments();
    Environment environment = environments.get(0);
    WebchatSettings webchat = settings.webchat();
    RuntimeTokens tokens = new RuntimeTokens(new Environments(environments), clock);
    WebchatFace face =
        new WebchatFace(
            endpoints,
            authenticator,
            browsers.login(),
            webchats,
            messaging.creation(),
            sessions,
            tokens,
            new WebchatFace.Options(
                environment,
                new WidgetAddress(
                    webchat.apiDomain().orElse(null), webchat.proxyDomain().orElse(null), origin),
                MessagingParts.rateLimit(settings, limits, "webchat"),
                webchat.sessionTokenLife(),
                webchat.visitorTokenLife()),
            clock);
    SocketsFace sockets =
        new SocketsFace(
            system,
            endpoints,
            authenticator,
            browsers.login(),
            sessions,
            webchats,
            tokens,
            new SocketsFace.Options(
                environment,
                webchat.sockets(),
                webchat.userTokenLife(),
                webchat.visitorTokenLife()),
            clock);
    WidgetFace widget =
        new WidgetFace(
            exchanges,
            settings.web().demoPage()
                ? () -> webchats.settings("demo").thenApply(OrganizationSettings::requiredKey)
                : null);
    return Directives.concat(
        browsers.sliding(() -> Directives.concat(face.routes(), sockets.routes())),
        widget.routes());
  }
}
