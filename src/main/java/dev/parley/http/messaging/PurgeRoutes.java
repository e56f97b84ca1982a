package dev.parley.http.messaging;

import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;
import static org.apache.pekko.http.javadsl.server.Directives.pathEndOrSingleSlash;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefix;
import static org.apache.pekko.http.javadsl.server.Directives.reject;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.auth.Authentication;
import dev.parley.auth.Authenticator;
import dev.parley.auth.Credential;
import dev.parley.entity.Sessions;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Endpoints;
import dev.parley.http.shared.PurgeAtOnce;
import dev.parley.session.Channel;
import dev.parley.session.SessionId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.PathMatcher1;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code DELETE /api/messaging/sessions/:id?purge=true} (eliza.md part 12, items 2 and 23). The key
 * of this face opens everything else here but not this; the secret key opens this without it.
 */
final class PurgeRoutes {
  private static final PathMatcher1<String> SESSION =
      segment("api").slash("messaging").slash("sessions").slash(segment());

  private final MessagingEndpoints endpoints;
  private final Authenticator authenticator;
  private final Sessions sessions;
  private final SessionDirectory directory;
  private final RecentSessions recent;
  private final PurgeAtOnce purges;

  /**
   * @param endpoints that ask for no key
   */
  PurgeRoutes(
      MessagingEndpoints endpoints,
      Authenticator authenticator,
      Sessions sessions,
      SessionDirectory directory,
      RecentSessions recent,
      PurgeAtOnce purges) {
    this.endpoints = endpoints;
    this.authenticator = authenticator;
    this.sessions = sessions;
    this.directory = directory;
    this.recent = recent;
    this.purges = purges;
  }

  /** To stand before the other routes of a session. */
  Route routes() {
    return pathPrefix(
        SESSION,
        id ->
            pathEndOrSingleSlash(
                () ->
                    extractRequest(
                        request ->
                            PurgeAtOnce.isWanted(request)
                                ? endpoints.route(Map.of("DELETE", call -> purge(call, id)))
                                : reject())));
  }

  private CompletionStage<HttpResponse> purge(MessagingCall call, String sessionId) {
    if (!hasSecretKey(call.request())) {
      throw MessagingError.of(403, "FORBIDDEN", PurgeAtOnce.KEY_NEEDED, null).refused();
    }
    SessionId id =
        directory
            .parse(sessionId)
            .orElseThrow(() -> MessagingError.sessionNotFound(sessionId).refused());
    return sessions
        .inspect(id, Channel.IN)
        .thenCompose(
            inspection ->
                // One without a row may have been purged before, but not to its end.
                inspection.info() == null || MessagingSession.of(inspection).isPresent()
                    ? purges.purge(id)
                    : CompletableFuture.completedFuture(new PurgeAtOnce.NothingThere()))
        .thenApply(outcome -> answer(id, sessionId, outcome));
  }

  private boolean hasSecretKey(HttpRequest request) {
    List<String> headers = Endpoints.authorizations(request);
    return headers.size() == 1
        && authenticator.authenticate(headers.get(0)) instanceof Authentication.Accepted accepted
        && accepted.credential() instanceof Credential.SecretKey secret
        && secret.environment().id().equals(directory.environmentId());
  }

  private HttpResponse answer(SessionId id, String sessionId, PurgeAtOnce.Outcome outcome) {
    if (outcome instanceof PurgeAtOnce.Purged purged) {
      recent.remove(id);
      ObjectNode body = purged.proof().put("sessionId", sessionId);
      return Answers.json(200, body);
    }
    if (outcome instanceof PurgeAtOnce.Unfinished unfinished) {
      throw MessagingError.unavailable(unfinished.text(), unfinished.retryAfter()).refused();
    }
    throw MessagingError.sessionNotFound(sessionId).refused();
  }
}
