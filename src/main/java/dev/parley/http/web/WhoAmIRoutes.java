package dev.parley.http.web;

import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.entity.account.AccountReply;
import dev.parley.entity.account.Accounts;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Exchanges;
import dev.parley.http.shared.Json;
import dev.parley.http.shared.OwnErrors;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code GET /api/init/whoami}, which heals itself (web-runtime.md section 2). */
final class WhoAmIRoutes {
  private static final String FIRST_NAME = "My Organization";
  private static final long FIRST_CREDITS = 2_000;

  private final Exchanges exchanges;
  private final Accounts accounts;
  private final CookieLogin login;

  WhoAmIRoutes(Exchanges exchanges, Accounts accounts, CookieLogin login) {
    this.exchanges = exchanges;
    this.accounts = accounts;
    this.login = login;
  }

  Route routes() {
    Exchanges.Handler handler =
        (request, body) ->
            login
                .current(request)
                .thenCompose(
                    current ->
                        current.isEmpty()
                            ? CompletableFuture.completedFuture(WebFace.notLoggedIn())
                            : whoIs(current.get()))
                .thenApply(WebFace::notStored);
    Map<String, Exchanges.Handler> byMethod = new LinkedHashMap<>();
    byMethod.put("GET", handler);
    byMethod.put("HEAD", handler);
    return path(
        segment("api").slash("init").slash("whoami"),
        () -> exchanges.route(new OwnErrors(), byMethod));
  }

  private CompletionStage<HttpResponse> whoIs(CookieLogin.Current current) {
    return settled(current)
        .thenCompose(
            user ->
                organizations(current.userId(), user)
                    .thenApply(organizations -> answer(current.userId(), user, organizations)));
  }

  /** The user's own entity decides, so two who call at once get the same organization. */
  private CompletionStage<AccountReply.User> settled(CookieLogin.Current current) {
    return current.user().currentOrganization() != null
        ? CompletableFuture.completedFuture(current.user())
        : accounts.settle(current.userId()).thenApply(AccountReply.User.class::cast);
  }

  private CompletionStage<Map<String, AccountReply.Organization>> organizations(
      String userId, AccountReply.User user) {
    CompletionStage<Map<String, AccountReply.Organization>> all =
        CompletableFuture.completedFuture(new LinkedHashMap<>());
    for (String id : user.organizations()) {
      all =
          all.thenCombine(
              organization(userId, id),
              (known, organization) -> {
                known.put(id, organization);
                return known;
              });
    }
    return all;
  }

  /** One that the user has got but nobody has made yet is made now. */
  private CompletionStage<AccountReply.Organization> organization(String userId, String id) {
    return accounts
        .organization(id)
        .thenCompose(
            reply ->
                reply instanceof AccountReply.Organization
                    ? CompletableFuture.completedFuture(reply)
                    : accounts.establish(id, FIRST_NAME, FIRST_CREDITS, userId))
        .thenApply(AccountReply.Organization.class::cast);
  }

  private static HttpResponse answer(
      String userId, AccountReply.User user, Map<String, AccountReply.Organization> organizations) {
    ObjectNode body = Json.object();
    body.set("user", AccountDocument.user(userId, user));
    ArrayNode list = body.putArray("organizations");
    organizations.forEach((id, one) -> list.add(AccountDocument.organization(id, one)));
    String current = user.currentOrganization();
    body.set(
        "currentOrganization",
        AccountDocument.organization("" + current, organizations.get(current)));
    return Answers.json(200, body);
  }
}
