package dev.parley.http.sessions;

import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.agent.AgentRegistry;
import dev.parley.auth.PublicTokens;
import dev.parley.auth.Resource;
import dev.parley.entity.Sessions;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.BodySchema;
import dev.parley.http.shared.Call;
import dev.parley.http.shared.Endpoints;
import dev.parley.http.shared.Endpoints.Access;
import dev.parley.http.shared.Json;
import dev.parley.http.shared.Replies;
import dev.parley.http.shared.SessionAccess;
import dev.parley.http.shared.SessionKeys;
import dev.parley.projection.Page;
import dev.parley.projection.Query;
import dev.parley.projection.SessionCatalog;
import dev.parley.session.Channel;
import dev.parley.session.RunId;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import dev.parley.session.SessionReply;
import dev.parley.session.TimeoutLimits;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.PathMatcher0;
import org.apache.pekko.http.javadsl.server.PathMatcher1;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code /api/v1/sessions} (trigger.md section 3). */
public final class SessionRoutes {
  private static final PathMatcher0 SESSIONS = segment("api").slash("v1").slash("sessions");
  private static final PathMatcher1<String> SESSION = SESSIONS.slash(segment());

  private static final BodySchema CREATE = BodySchema.load("create-session");
  private static final BodySchema UPDATE = BodySchema.load("update-session");
  private static final BodySchema CLOSE = BodySchema.load("close-session");
  private static final BodySchema END_AND_CONTINUE = BodySchema.load("end-and-continue");

  private final Endpoints endpoints;
  private final Sessions sessions;
  private final SessionCatalog catalog;
  private final PublicTokens tokens;
  private final TimeoutLimits limits;
  private final AgentRegistry agents;
  private final Clock clock;
  private final SessionAccess access;
  private final StatsRoute stats;

  public SessionRoutes(
      Endpoints endpoints,
      Sessions sessions,
      SessionCatalog catalog,
      PublicTokens tokens,
      TimeoutLimits limits,
      AgentRegistry agents,
      Clock clock) {
    this.endpoints = endpoints;
    this.sessions = sessions;
    this.catalog = catalog;
    this.tokens = tokens;
    this.limits = limits;
    this.agents = agents;
    this.clock = clock;
    this.access = new SessionAccess(sessions);
    this.stats = new StatsRoute(catalog, clock);
  }

  public Route routes() {
    return concat(
        path(
            SESSIONS,
            () ->
                endpoints
                    .methods()
                    .loader("GET", Access.ANY_CREDENTIAL, this::list)
                    .action("POST", Access.ANY_CREDENTIAL, 32_768, this::create)
                    .route()),
        path(
            SESSION,
            key ->
                endpoints
                    .methods()
                    .loader(
                        "GET",
                        Access.ANY_CREDENTIAL,
                        call ->
                            StatsRoute.isMeant(call, key)
                                ? stats.figures(call)
                                : retrieve(call, key))
                    .action("PATCH", Access.ANY_CREDENTIAL, 32_768, call -> update(call, key))
                    .route()),
        path(
            SESSION.slash("close"),
            key ->
                endpoints
                    .methods()
                    .action("POST", Access.ANY_CREDENTIAL, 1_024, call -> close(call, key))
                    .route()),
        path(
            SESSION.slash("stop"),
            key ->
                endpoints
                    .methods()
                    .action("POST", Access.VISITOR, 1_024, call -> stop(call, key))
                    .route()),
        path(
            SESSION.slash("end-and-continue"),
            key ->
                endpoints
                    .methods()
                    .action("POST", Access.ANY_CREDENTIAL, 1_024, call -> endAndContinue(call, key))
                    .route()));
  }

  private CompletionStage<HttpResponse> create(Call call) {
    return call.json(CREATE)
        .thenCompose(
            body -> {
              String environment = call.credential().environment().id();
              SessionCommand.Create create =
                  SessionBodies.create(
                      body, limits, agents.now(environment), RunId.mint(environment));
              SessionAccess.require(
                  call,
                  "write",
                  List.of(
                      new Resource("tasks", create.taskIdentifier()), Resource.ofType("sessions")));
              SessionId id =
                  create.externalId() == null
                      ? SessionId.random(environment)
                      : SessionId.ofExternal(environment, create.externalId());
              return sessions.ask(id, create).thenApply(reply -> started(call, id, reply));
            });
  }

  private HttpResponse started(Call call, SessionId id, SessionReply reply) {
    if (reply instanceof SessionReply.Started started) {
      String externalId = started.info().externalId();
      ObjectNode body =
          SessionJson.full(id, started.info())
              .put("runId", started.info().currentRunId())
              .put(
                  "publicAccessToken",
                  tokens.sessionToken(
                      call.credential().environment(),
                      externalId == null ? id.friendlyId() : externalId))
              .put("isCached", started.cached());
      return Answers.json(started.cached() ? 200 : 201, body);
    }
    if (reply instanceof SessionReply.Closed) {
      return Answers.error(
          409, "Session is closed; use a different externalId to create a new session");
    }
    if (reply instanceof SessionReply.Expired) {
      return Answers.error(
          409, "Session is expired; use a different externalId to create a new session");
    }
    return Replies.of(reply);
  }

  private CompletionStage<HttpResponse> list(Call call) {
    Query query = ListQuery.read(call, clock.instant());
    ListAccess.require(call, query.filter());
    return catalog.list(query).thenApply(SessionRoutes::page);
  }

  private static HttpResponse page(Page page) {
    ObjectNode body = Json.object();
    ArrayNode data = body.putArray("data");
    page.items().forEach(item -> data.add(SessionJson.listed(item.id(), item.info())));
    ObjectNode pagination = body.putObject("pagination");
    if (page.next() != null) {
      pagination.put("next", page.next().encode());
    }
    if (page.previous() != null) {
      pagination.put("previous", page.previous().encode());
    }
    return Answers.json(200, body);
  }

  private CompletionStage<HttpResponse> retrieve(Call call, String key) {
    return access
        .forLoader(
            call,
            Channel.IN,
            key,
            (id, info) -> SessionKeys.of(key, id, info),
            false,
            Answers.notFound("Not found"))
        .thenApply(
            session -> {
              SessionInfo info = Objects.requireNonNull(session.inspection().info());
              return Answers.json(200, SessionJson.full(session.id(), info));
            });
  }

  private CompletionStage<HttpResponse> update(Call call, String key) {
    return administer(call, key, UPDATE, SessionBodies::update);
  }

  private CompletionStage<HttpResponse> close(Call call, String key) {
    return administer(call, key, CLOSE, SessionBodies::close);
  }

  /** An action that only {@code admin} of the session, as the URL names it, may do. */
  private CompletionStage<HttpResponse> administer(
      Call call, String key, BodySchema schema, Function<JsonNode, SessionCommand> command) {
    return call.json(schema)
        .thenCompose(
            body -> {
              SessionAccess.require(call, "admin", SessionKeys.asWritten(key));
              return SessionId.parse(call.credential().environment().id(), key)
                  .map(id -> change(id, command.apply(body)))
                  .orElseGet(
                      () ->
                          CompletableFuture.completedFuture(
                              Replies.of(new SessionReply.NoSuchSession())));
            });
  }

  private CompletionStage<HttpResponse> change(SessionId id, SessionCommand command) {
    return sessions
        .ask(id, command)
        .thenApply(
            reply ->
                reply instanceof SessionReply.Row row
                    ? Answers.json(200, SessionJson.full(id, row.info()))
                    : Replies.of(reply));
  }

  /** Ends the answer of the session's agent that is under way; whoever may write may stop it. */
  private CompletionStage<HttpResponse> stop(Call call, String key) {
    return access
        .forAction(
            call,
            "write",
            key,
            (id, info) -> SessionKeys.of(key, id, info),
            Answers.error(404, "Resource not found"))
        .thenCompose(sessions::stopTurn)
        .thenApply(over -> Answers.json(200, Json.object().put("stopped", true)));
  }

  private CompletionStage<HttpResponse> endAndContinue(Call call, String key) {
    return call.json(END_AND_CONTINUE)
        .thenCompose(
            body ->
                access
                    .forAction(
                        call,
                        "write",
                        key,
                        (id, info) -> SessionKeys.of(key, id, info),
                        Answers.error(404, "Resource not found"))
                    .thenCompose(id -> endAndContinue(call, id, body)));
  }

  private CompletionStage<HttpResponse> endAndContinue(Call call, SessionId id, JsonNode body) {
    String environment = call.credential().environment().id();
    String callingRun = body.get("callingRunId").textValue();
    if (!RunId.isOf(environment, callingRun)) {
      return CompletableFuture.completedFuture(
          Answers.error(404, "callingRunId not found in this environment"));
    }
    return sessions
        .ask(id, new SessionCommand.EndAndContinue(callingRun, RunId.mint(environment)))
        .thenApply(
            reply -> {
              if (reply instanceof SessionReply.Continued continued) {
                return Answers.json(
                    200,
                    Json.object()
                        .put("runId", continued.runId())
                        .put("swapped", continued.swapped()));
              }
              if (reply instanceof SessionReply.Closed) {
                return Answers.error(400, "Cannot end-and-continue a closed session");
              }
              if (reply instanceof SessionReply.Expired) {
                return Answers.error(400, "Cannot end-and-continue an expired session");
              }
              return reply instanceof SessionReply.NoSuchSession
                  ? Answers.error(404, "Resource not found")
                  : Replies.of(reply);
            });
  }
}
