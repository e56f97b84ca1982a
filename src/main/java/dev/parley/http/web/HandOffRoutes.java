package dev.parley.http.web;

import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.entity.account.AccountReply;
import dev.parley.entity.account.Accounts;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.BodySchema;
import dev.parley.http.shared.Exchanges;
import dev.parley.http.shared.IncomingBody;
import dev.parley.http.shared.Json;
import dev.parley.http.shared.OwnErrors;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.PathMatcher0;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * The hand-off to a realtime worker (web-runtime.md section 6, across.md section 8): a member of an
 * organization leaves a configuration, and a worker takes it, once.
 */
final class HandOffRoutes {
  private static final PathMatcher0 REALTIME = segment("chat").slash("realtime");
  private static final int MAX_BODY = 65_536;
  private static final BodySchema BODY = BodySchema.load("hand-off");

  /** No other id was ever given out. */
  private static final Pattern ID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");

  private final Exchanges exchanges;
  private final Accounts accounts;
  private final BrowserLogin login;
  private final WorkerKey key;

  HandOffRoutes(Exchanges exchanges, Accounts accounts, BrowserLogin login, WorkerKey key) {
    this.exchanges = exchanges;
    this.accounts = accounts;
    this.login = login;
    this.key = key;
  }

  Route routes() {
    return concat(
        path(
            REALTIME.slash("ally").slash("create-session").slash(segment()),
            organizationId ->
                exchanges.route(
                    new OwnErrors(),
                    Map.of(
                        "POST",
                        (request, body) ->
                            create(request, body, organizationId).thenApply(WebFace::notStored)))),
        path(
            REALTIME.slash("session").slash(segment()),
            sessionId ->
                exchanges.route(
                    new OwnErrors(),
                    Map.of(
                        "GET",
                        (request, body) ->
                            retrieve(request, sessionId).thenApply(WebFace::notStored)))));
  }

  private CompletionStage<HttpResponse> create(
      HttpRequest request, IncomingBody body, String organizationId) {
    return login
        .forChange(request)
        .thenCompose(
            found -> {
              if (found.isEmpty()) {
                return completed(WebFace.notLoggedIn());
              }
              BrowserLogin.LoggedIn user = found.get();
              return user.organizations().contains(organizationId)
                  ? body.read(MAX_BODY)
                      .thenCompose(bytes -> offer(organizationId, user.userId(), config(bytes)))
                  : completed(
                      Answers.error(403, "You are not a member of an organization with this id"));
            });
  }

  private static String config(byte[] body) {
    JsonNode config = body.length == 0 ? null : BODY.read(body).get("config");
    return config == null ? "" : Json.text(config);
  }

  private CompletionStage<HttpResponse> offer(String organizationId, String userId, String config) {
    String sessionId = UUID.randomUUID().toString();
    return accounts
        .offer(sessionId, organizationId, userId, config)
        .thenApply(AccountReply.Waiting.class::cast)
        .thenApply(
            waiting ->
                Answers.json(
                    201,
                    Json.object()
                        .put("sessionId", sessionId)
                        .put("expiresAt", Json.date(waiting.expiresAt()))));
  }

  private CompletionStage<HttpResponse> retrieve(HttpRequest request, String sessionId) {
    if (!key.opens(request)) {
      return completed(
          Answers.error(401, "The bearer must be the server's secret key or PARLEY_REALTIME_KEY"));
    }
    return ID.matcher(sessionId).matches()
        ? accounts.take(sessionId).thenApply(reply -> answer(sessionId, reply))
        : completed(unknown());
  }

  private static HttpResponse answer(String sessionId, AccountReply.OfHandOff reply) {
    if (reply instanceof AccountReply.Given given) {
      ObjectNode body = Json.object().put("sessionId", sessionId);
      body.putObject("context")
          .put("targetOrganizationId", given.organizationId())
          .put("userId", given.userId());
      body.set(
          "config", given.config().isEmpty() ? Json.object() : Json.parseStored(given.config()));
      return Answers.json(200, body);
    }
    if (reply instanceof AccountReply.Consumed) {
      return gone("consumed", "The session was retrieved before; ask for a new one");
    }
    return reply instanceof AccountReply.Expired
        ? gone("expired", "The session was not retrieved within 20 minutes; ask for a new one")
        : unknown();
  }

  private static HttpResponse gone(String code, String text) {
    return Answers.json(410, Json.object().put("error", text).put("code", code), true);
  }

  private static HttpResponse unknown() {
    return Answers.notFound("Session not found");
  }

  private static CompletionStage<HttpResponse> completed(HttpResponse response) {
    return CompletableFuture.completedFuture(response);
  }
}
