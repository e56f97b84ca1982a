package dev.parley.http.uploads;

import dev.parley.auth.Authentication;
import dev.parley.auth.Authenticator;
import dev.parley.auth.Credential;
import dev.parley.entity.Sessions;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Endpoints;
import dev.parley.http.shared.Refused;
import dev.parley.http.shared.SessionKeys;
import dev.parley.session.SessionId;
import dev.parley.storage.FileOwner;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * Secret keys, public tokens and tokens of visitors as bearers; a GET may carry a token as {@code
 * ?token=}, for what shows pictures can't send headers. {@code ?session=} says which session an
 * upload belongs to; with a secret key {@code ?organization=} may stand in its place.
 */
public final class BearerAccess implements UploadAccess {
  private static final Pattern ORGANIZATION = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private final Authenticator authenticator;
  private final SessionOwner sessions;

  public BearerAccess(Authenticator authenticator, Sessions sessions, Clock clock) {
    this.authenticator = authenticator;
    this.sessions = new SessionOwner(sessions, clock);
  }

  @Override
  public CompletionStage<Optional<Holder>> holder(HttpRequest request) {
    return CompletableFuture.completedFuture(
        credential(request).map(credential -> new Bearer(request, credential)));
  }

  private Optional<Credential> credential(HttpRequest request) {
    List<String> headers = Endpoints.authorizations(request);
    Optional<String> token = request.getUri().query().get("token");
    if (headers.isEmpty() && token.isPresent() && !request.method().name().equals("POST")) {
      return accepted(authenticator.authenticateToken(token.get()))
          .or(() -> authenticator.visitorByToken(token.get()));
    }
    String header = headers.size() == 1 ? headers.get(0) : "";
    return accepted(authenticator.authenticate(header)).or(() -> authenticator.visitor(header));
  }

  private static Optional<Credential> accepted(Authentication authentication) {
    return authentication instanceof Authentication.Accepted accepted
        ? Optional.of(accepted.credential())
        : Optional.empty();
  }

  private final class Bearer implements Holder {
    private final HttpRequest request;
    private final Credential credential;

    private Bearer(HttpRequest request, Credential credential) {
      this.request = request;
      this.credential = credential;
    }

    @Override
    public CompletionStage<FileOwner> newFiles() {
      Optional<String> session = request.getUri().query().get("session");
      Optional<String> organization = request.getUri().query().get("organization");
      if (session.isPresent() && organization.isEmpty()) {
        return ofSession(session.get());
      }
      if (session.isPresent() || organization.isEmpty()) {
        throw new Refused(
            Answers.error(
                400,
                "What the files belong to is not said: add ?session= with the id of a session, or"
                    + " ?organization="));
      }
      if (!credential.isSecretKey()) {
        throw new Refused(Answers.forbidden());
      }
      if (!ORGANIZATION.matcher(organization.get()).matches()) {
        throw new Refused(
            Answers.error(
                400, "organization must be 1 to 64 characters of A-Z, a-z, 0-9, _ and -"));
      }
      return CompletableFuture.completedFuture(
          new FileOwner.OfOrganization(credential.environment().id(), organization.get()));
    }

    private CompletionStage<FileOwner> ofSession(String key) {
      SessionId id =
          SessionId.parse(credential.environment().id(), key)
              .orElseThrow(() -> new Refused(SessionOwner.unknown()));
      return sessions
          .of(
              id,
              info -> {
                if (!credential.allows("write", SessionKeys.of(key, id, info))) {
                  throw new Refused(Answers.forbidden());
                }
                return true;
              })
          .thenApply(
              owner -> {
                if (owner instanceof FileOwner.OfSession file
                    && !credential.opens(file.generation())) {
                  throw new Refused(Answers.forbidden());
                }
                return owner;
              });
    }

    @Override
    public CompletionStage<Boolean> sees(FileOwner owner) {
      if (!owner.environmentId().equals(credential.environment().id())) {
        return CompletableFuture.completedFuture(false);
      }
      if (owner instanceof FileOwner.OfSession file) {
        SessionId id = file.session();
        return sessions.holds(
            file,
            info ->
                credential.opens(file.generation())
                    && credential.allows("read", SessionKeys.of(id.friendlyId(), id, info)));
      }
      return CompletableFuture.completedFuture(credential.isSecretKey());
    }
  }
}
