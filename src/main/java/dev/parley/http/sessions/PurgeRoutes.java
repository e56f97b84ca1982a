package dev.parley.http.sessions;

import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.reject;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Call;
import dev.parley.http.shared.Endpoints;
import dev.parley.http.shared.Endpoints.Access;
import dev.parley.http.shared.PurgeAtOnce;
import dev.parley.http.shared.Refused;
import dev.parley.session.SessionId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.PathMatcher1;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code DELETE /api/v1/sessions/:session?purge=true}. Without the parameter there is no such
 * method: the contract has none.
 */
public final class PurgeRoutes {
  private static final PathMatcher1<String> SESSION =
      segment("api").slash("v1").slash("sessions").slash(segment());

  private final Endpoints endpoints;
  private final PurgeAtOnce purges;

  public PurgeRoutes(Endpoints endpoints, PurgeAtOnce purges) {
    this.endpoints = endpoints;
    this.purges = purges;
  }

  /** To stand before the other routes of a session. */
  public Route routes() {
    return path(
        SESSION,
        key ->
            extractRequest(
                request ->
                    PurgeAtOnce.isWanted(request)
                        ? endpoints
                            .own()
                            .action(
                                "DELETE", Access.ANY_CREDENTIAL, 1_024, call -> purge(call, key))
                            .route()
                        : reject()));
  }

  private CompletionStage<HttpResponse> purge(Call call, String key) {
    if (!call.credential().isSecretKey()) {
      throw new Refused(Answers.error(403, PurgeAtOnce.KEY_NEEDED));
    }
    Optional<SessionId> id = SessionId.parse(call.credential().environment().id(), key);
    return id.isEmpty()
        ? CompletableFuture.completedFuture(notFound())
        : purges.purge(id.get()).thenApply(PurgeRoutes::answer);
  }

  private static HttpResponse notFound() {
    return Answers.error(404, "Session not found");
  }

  private static HttpResponse answer(PurgeAtOnce.Outcome outcome) {
    if (outcome instanceof PurgeAtOnce.Purged purged) {
      return Answers.json(200, purged.proof());
    }
    return outcome instanceof PurgeAtOnce.Unfinished unfinished
        ? Answers.unavailable(unfinished.text(), unfinished.retryAfter())
        : notFound();
  }
}
