package dev.parley.http.webchat;

import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import dev.parley.auth.Authentication;
import dev.parley.auth.Authenticator;
import dev.parley.entity.webchat.EntityNames;
import dev.parley.entity.webchat.EntryPoint;
import dev.parley.entity.webchat.Webchats;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Endpoints;
import dev.parley.http.shared.Refused;
import dev.parley.http.web.BrowserLogin;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code GET /api/webchat/snippet?eventId=}, for members of the event's organization and the secret
 * key (across.md section 6).
 */
final class SnippetRoutes {
  private final Endpoints endpoints;
  private final Authenticator authenticator;
  private final BrowserLogin login;
  private final Webchats webchats;
  private final WidgetAddress address;
  private final String environmentId;

  SnippetRoutes(
      Endpoints endpoints,
      Authenticator authenticator,
      BrowserLogin login,
      Webchats webchats,
      WidgetAddress address,
      String environmentId) {
    this.endpoints = endpoints;
    this.authenticator = authenticator;
    this.login = login;
    this.webchats = webchats;
    this.address = address;
    this.environmentId = environmentId;
  }

  Route routes() {
    return path(
        segment("api").slash("webchat").slash("snippet"),
        () -> endpoints.own().open("GET", 0, (request, body) -> snippet(request)).route());
  }

  /** Whose events somebody may see. */
  private interface Reach {
    boolean holds(String organizationId);
  }

  private CompletionStage<HttpResponse> snippet(HttpRequest request) {
    return reach(request)
        .thenCompose(
            reach -> {
              String eventId = eventId(request);
              return webchats
                  .entryPoint(eventId)
                  .thenCompose(
                      found -> {
                        EntryPoint entryPoint =
                            found.orElseThrow(
                                () -> new Refused(Answers.notFound("Event not found")));
                        require(reach, entryPoint);
                        return snippet(request, eventId, entryPoint);
                      });
            });
  }

  private CompletionStage<Reach> reach(HttpRequest request) {
    List<String> headers = Endpoints.authorizations(request);
    if (headers.isEmpty()) {
      return login
          .of(request)
          .thenApply(
              found ->
                  found
                      .<Reach>map(user -> user.organizations()::contains)
                      .orElseThrow(() -> unauthorized("Log in, or send the secret key")));
    }
    Authentication authentication =
        authenticator.authenticate(headers.size() == 1 ? headers.get(0) : null);
    if (authentication instanceof Authentication.Accepted accepted
        && accepted.credential().isSecretKey()
        && accepted.credential().environment().id().equals(environmentId)) {
      return CompletableFuture.completedFuture(organization -> true);
    }
    throw unauthorized("Invalid or Missing API key");
  }

  private static Refused unauthorized(String text) {
    return new Refused(Answers.error(401, text));
  }

  private static String eventId(HttpRequest request) {
    return request
        .getUri()
        .query()
        .get("eventId")
        .filter(EntityNames::isValid)
        .orElseThrow(
            () ->
                new Refused(
                    Answers.detailed(
                        "Query Error",
                        List.of("eventId is needed: the id of an event, " + EntityNames.RULE))));
  }

  private static void require(Reach reach, EntryPoint entryPoint) {
    if (!reach.holds(entryPoint.organizationId())) {
      throw new Refused(
          Answers.error(403, "You are no member of the organization that the event belongs to"));
    }
    if (!entryPoint.published()) {
      throw new Refused(Answers.error(409, "The event is not published; publish it first"));
    }
  }

  private CompletionStage<HttpResponse> snippet(
      HttpRequest request, String eventId, EntryPoint entryPoint) {
    return webchats
        .settings(entryPoint.organizationId())
        .thenApply(
            settings -> {
              Snippet snippet =
                  new Snippet(
                      settings.requiredKey(),
                      eventId,
                      address.of(settings.widgetDomain(), request));
              HttpResponse response =
                  Acceptance.prefersJson(request)
                      ? Answers.json(200, snippet.json())
                      : Answers.text(200, snippet.text());
              return response.addHeaders(
                  List.of(
                      RawHeader.create("Vary", "Accept"),
                      RawHeader.create("X-Content-Type-Options", "nosniff")));
            });
  }
}
