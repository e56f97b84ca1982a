package dev.parley.http.webchat;

import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import dev.parley.auth.Credential;
import dev.parley.auth.RuntimeTokens;
import dev.parley.auth.RuntimeTokens.Visit;
import dev.parley.entity.Sessions;
import dev.parley.entity.webchat.Webchats;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Call;
import dev.parley.http.shared.Endpoints;
import dev.parley.http.shared.Endpoints.Access;
import dev.parley.http.shared.Json;
import dev.parley.http.shared.Refused;
import dev.parley.session.Channel;
import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import dev.parley.session.SessionStatus;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code POST /api/webchat/session/token}: fresh tokens for the session whose token is the bearer,
 * as long as it goes on and from pages that its organization allows. So a visitor never loses a
 * session that lives longer than a token.
 */
final class VisitorTokenRoutes {
  private final Endpoints endpoints;
  private final Webchats webchats;
  private final Sessions sessions;
  private final RuntimeTokens tokens;
  private final WebchatFace.Options options;
  private final Clock clock;

  VisitorTokenRoutes(
      Endpoints endpoints,
      Webchats webchats,
      Sessions sessions,
      RuntimeTokens tokens,
      WebchatFace.Options options,
      Clock clock) {
    this.endpoints = endpoints;
    this.webchats = webchats;
    this.sessions = sessions;
    this.tokens = tokens;
    this.options = options;
    this.clock = clock;
  }

  Route routes() {
    return path(
        segment("api").slash("webchat").slash("session").slash("token"),
        () -> endpoints.own().action("POST", Access.VISITOR, 0, this::renew).route());
  }

  private CompletionStage<HttpResponse> renew(Call call) {
    if (!(call.credential() instanceof Credential.Visitor visitor)) {
      throw new Refused(Answers.error(401, "The token is none of a webchat session"));
    }
    Visit visit = visitor.visit();
    return webchats
        .look(visit.organizationId())
        .thenCompose(
            settings -> {
              AllowedOrigins.require(call.request(), settings);
              return sessions.inspect(
                  SessionId.ofExternal(visit.environment().id(), visit.sessionId()), Channel.IN);
            })
        .thenApply(
            inspection -> {
              if (!visitor.opens(inspection.generation()) || inspection.info() == null) {
                throw new Refused(Answers.error(401, "The session is there no more"));
              }
              requireOpen(inspection.info());
              return minted(visit);
            });
  }

  private void requireOpen(SessionInfo info) {
    SessionStatus status = info.status(clock.instant());
    if (status != SessionStatus.ACTIVE) {
      throw new Refused(
          Answers.error(
              410,
              status == SessionStatus.CLOSED
                  ? "The session is closed, begin a new one"
                  : "The session has expired, begin a new one"));
    }
  }

  private HttpResponse minted(Visit visit) {
    Instant now = clock.instant();
    Visit renewed = visit.until(now.plus(options.sessionTokenLife()));
    // A token tells whole seconds.
    Instant end = Instant.ofEpochSecond(renewed.expiresAt().getEpochSecond());
    return Answers.json(
        201,
        Json.object()
            .put("sessionToken", tokens.sessionToken(renewed))
            .put("wsToken", tokens.socketToken(visit.until(now.plus(options.socketTokenLife()))))
            .put("expiresAt", Json.date(end)));
  }
}
