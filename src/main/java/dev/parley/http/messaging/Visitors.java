package dev.parley.http.messaging;

import dev.parley.auth.Authenticator;
import dev.parley.auth.Credential;
import dev.parley.entity.Sessions;
import dev.parley.http.shared.Endpoints;
import dev.parley.session.Channel;
import dev.parley.session.SessionId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * Visitors of a webchat, who have no key of this face but the token of their own session (across.md
 * section 1).
 */
final class Visitors {
  private final Authenticator authenticator;
  private final Sessions sessions;
  private final String environmentId;

  /**
   * @param environmentId the tenant of all sessions of this face
   */
  Visitors(Authenticator authenticator, Sessions sessions, String environmentId) {
    this.authenticator = authenticator;
    this.sessions = sessions;
    this.environmentId = environmentId;
  }

  /** Whether the request comes from the visitor of this session, as it is since its last purge. */
  CompletionStage<Boolean> admits(HttpRequest request, String sessionId) {
    List<String> headers = Endpoints.authorizations(request);
    Optional<Credential.Visitor> visitor =
        headers.size() == 1
            ? authenticator
                .visitor(headers.get(0))
                .filter(found -> found.environment().id().equals(environmentId))
                .filter(found -> found.visit().sessionId().equals(sessionId))
            : Optional.empty();
    return visitor.isEmpty()
        ? CompletableFuture.completedFuture(false)
        : sessions
            .inspect(SessionId.ofExternal(environmentId, sessionId), Channel.IN)
            .thenApply(inspection -> visitor.get().opens(inspection.generation()));
  }
}
