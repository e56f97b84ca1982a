package dev.parley.http.uploads;

import dev.parley.entity.Sessions;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Refused;
import dev.parley.http.web.BrowserLogin;
import dev.parley.http.web.BrowserLogin.LoggedIn;
import dev.parley.session.SessionId;
import dev.parley.storage.FileOwner;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * People with a cookie. What they upload belongs to their current organization, or to another of
 * theirs ({@code ?organization=}), or to a session whose user they are ({@code ?session=}); they
 * see the files of these.
 */
public final class BrowserAccess implements UploadAccess {
  private final BrowserLogin logins;
  private final SessionOwner sessions;
  private final String environmentId;

  /**
   * @param environmentId the tenant of all people
   */
  public BrowserAccess(BrowserLogin logins, Sessions sessions, Clock clock, String environmentId) {
    this.logins = logins;
    this.sessions = new SessionOwner(sessions, clock);
    this.environmentId = environmentId;
  }

  @Override
  public CompletionStage<Optional<Holder>> holder(HttpRequest request) {
    CompletionStage<Optional<LoggedIn>> login =
        request.method().name().equals("POST") ? logins.forChange(request) : logins.of(request);
    return login.thenApply(found -> found.map(person -> new Person(request, person)));
  }

  private final class Person implements Holder {
    private final HttpRequest request;
    private final LoggedIn login;

    private Person(HttpRequest request, LoggedIn login) {
      this.request = request;
      this.login = login;
    }

    @Override
    public CompletionStage<FileOwner> newFiles() {
      Optional<String> session = request.getUri().query().get("session");
      if (session.isPresent()) {
        SessionId id =
            SessionId.parse(environmentId, session.get())
                .orElseThrow(() -> new Refused(SessionOwner.unknown()));
        // One of somebody else looks like one that is not there.
        return sessions.of(id, info -> info.tags().contains(tag()));
      }
      String organization =
          request
              .getUri()
              .query()
              .get("organization")
              .or(() -> Optional.ofNullable(login.currentOrganization()))
              .filter(login.organizations()::contains)
              .orElseThrow(
                  () -> new Refused(Answers.error(403, "You are no member of that organization")));
      return CompletableFuture.completedFuture(
          new FileOwner.OfOrganization(environmentId, organization));
    }

    @Override
    public CompletionStage<Boolean> sees(FileOwner owner) {
      if (!owner.environmentId().equals(environmentId)) {
        return CompletableFuture.completedFuture(false);
      }
      return owner instanceof FileOwner.OfSession file
          ? sessions.holds(file, info -> info.tags().contains(tag()))
          : CompletableFuture.completedFuture(
              login.organizations().contains(((FileOwner.OfOrganization) owner).organizationId()));
    }

    /** By which a messaging session names its user (across.md section 1). */
    private String tag() {
      return "user:" + login.userId();
    }
  }
}
