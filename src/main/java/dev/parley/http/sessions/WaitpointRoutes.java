package dev.parley.http.sessions;

import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.auth.Environment;
import dev.parley.auth.PublicTokens;
import dev.parley.auth.Resource;
import dev.parley.entity.Sessions;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.BodySchema;
import dev.parley.http.shared.Call;
import dev.parley.http.shared.Endpoints;
import dev.parley.http.shared.Endpoints.Access;
import dev.parley.http.shared.Json;
import dev.parley.http.shared.PublicOrigin;
import dev.parley.http.shared.Refused;
import dev.parley.http.shared.Replies;
import dev.parley.http.shared.SessionAccess;
import dev.parley.http.shared.SseFormat;
import dev.parley.session.Channel;
import dev.parley.session.Envelope;
import dev.parley.session.RecordContent;
import dev.parley.session.RunId;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionCommand.Append;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import dev.parley.session.Waitpoint;
import dev.parley.session.WaitpointId;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.PathMatcher0;
import org.apache.pekko.http.javadsl.server.PathMatcher1;
import org.apache.pekko.http.javadsl.server.PathMatcher2;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** Waitpoints of sessions and tokens without a session (trigger.md section 5). */
public final class WaitpointRoutes {
  private static final PathMatcher1<String> SESSION_STREAM =
      segment("api")
          .slash("v1")
          .slash("runs")
          .slash(segment())
          .slash("session-streams")
          .slash("wait");

  private static final PathMatcher0 TOKENS =
      segment("api").slash("v1").slash("waitpoints").slash("tokens");
  private static final PathMatcher1<String> TOKEN = TOKENS.slash(segment());

  private static final PathMatcher2<String, String> RUN_TOKEN =
      segment("engine")
          .slash("v1")
          .slash("runs")
          .slash(segment())
          .slash("waitpoints")
          .slash("tokens")
          .slash(segment())
          .slash("wait");

  private static final BodySchema WAIT = BodySchema.load("wait");
  private static final BodySchema CREATE = BodySchema.load("create-waitpoint");

  private static final Duration LONGEST_POLL = Duration.ofSeconds(60);
  private static final Duration PING_EVERY = Duration.ofSeconds(10);
  private static final HttpResponse NOT_FOUND = Answers.notFound("Waitpoint not found");

  private final Endpoints endpoints;
  private final Sessions sessions;
  private final WaitOutputs outputs;
  private final PublicTokens tokens;
  private final PublicOrigin origin;
  private final Clock clock;

  public WaitpointRoutes(
      ActorSystem<?> system,
      Endpoints endpoints,
      Sessions sessions,
      PublicTokens tokens,
      PublicOrigin origin,
      Clock clock) {
    this.endpoints = endpoints;
    this.sessions = sessions;
    this.outputs = new WaitOutputs(system, sessions);
    this.tokens = tokens;
    this.origin = origin;
    this.clock = clock;
  }

  public Route routes() {
    return concat(
        path(
            SESSION_STREAM,
            run ->
                endpoints
                    .methods()
                    .action("POST", Access.SECRET_KEY, 10_240, call -> waitOnStream(call, run))
                    .route()),
        path(
            RUN_TOKEN,
            (run, id) ->
                endpoints
                    .methods()
                    .action("POST", Access.SECRET_KEY, 1_024, call -> waitInRun(call, run, id))
                    .route()),
        path(
            TOKENS,
            () ->
                endpoints
                    .methods()
                    .action("POST", Access.SECRET_KEY, 32_768, this::create)
                    .route()),
        path(
            TOKEN,
            id ->
                endpoints
                    .methods()
                    .loader("GET", Access.ANY_CREDENTIAL_OR_QUERY, call -> retrieve(call, id))
                    .route()),
        path(
            TOKEN.slash("complete"),
            id ->
                endpoints
                    .methods()
                    .action(
                        "POST",
                        Access.ANY_CREDENTIAL,
                        Append.MAX_METERED_SIZE,
                        call -> complete(call, id))
                    .route()));
  }

  private CompletionStage<HttpResponse> waitOnStream(Call call, String run) {
    return call.json(WAIT)
        .thenCompose(
            body -> {
              String environment = requireRun(call, run);
              String key = body.get("session").textValue();
              SessionId session =
                  SessionId.parse(environment, key)
                      .orElseThrow(() -> new Refused(Answers.error(404, "Session not found")));
              Channel channel = body.get("io").textValue().equals("in") ? Channel.IN : Channel.OUT;
              return sessions.ask(
                  session,
                  WaitBodies.parse(
                      body,
                      WaitpointId.mint(session),
                      channel,
                      key.startsWith(SessionId.PREFIX),
                      clock.instant()));
            })
        .thenApply(
            reply -> {
              SessionReply.WaitpointIs is = registered(reply);
              return Answers.json(
                  200,
                  Json.object()
                      .put("waitpointId", is.waitpoint().id())
                      .put("isCached", is.repeated()));
            });
  }

  /** A token without a session has one of its own, which the idempotency key finds again. */
  private CompletionStage<HttpResponse> create(Call call) {
    Environment environment = call.credential().environment();
    return call.json(CREATE)
        .thenCompose(
            body -> {
              JsonNode key = body.path("idempotencyKey");
              SessionId session =
                  key.isTextual() && !key.textValue().isEmpty()
                      ? SessionId.ofExternal(environment.id(), "waitpoint\0" + key.textValue())
                      : SessionId.random(environment.id());
              return sessions.ask(
                  session,
                  WaitBodies.parse(body, WaitpointId.mint(session), null, false, clock.instant()));
            })
        .thenApply(
            reply -> {
              SessionReply.WaitpointIs is = registered(reply);
              return Answers.json(
                      200,
                      Json.object()
                          .put("id", is.waitpoint().id())
                          .put("isCached", is.repeated())
                          .put("url", url(call, is.waitpoint().id())))
                  // Given, because the client can sign with a root key only.
                  .addHeader(
                      RawHeader.create(
                          "x-trigger-jwt",
                          tokens.waitpointToken(environment, is.waitpoint().id())));
            });
  }

  private static SessionReply.WaitpointIs registered(SessionReply reply) {
    if (reply instanceof SessionReply.WaitpointIs is) {
      return is;
    }
    if (reply instanceof SessionReply.Closed) {
      throw new Refused(Answers.error(409, "Cannot wait on a closed session"));
    }
    if (reply instanceof SessionReply.Expired) {
      throw new Refused(Answers.error(400, "Cannot wait on an expired session"));
    }
    if (reply instanceof SessionReply.TooManyWaitpoints) {
      throw new Refused(Answers.error(422, "Too many waitpoints of this session are waiting"));
    }
    throw new Refused(Replies.of(reply));
  }

  /** Runs have no engine here: that there is something to wait for is all there is to say. */
  private CompletionStage<HttpResponse> waitInRun(Call call, String run, String id) {
    requireRun(call, run);
    return find(call, id, Duration.ZERO)
        .thenApply(found -> Answers.json(200, Json.object().put("success", true)));
  }

  private static String requireRun(Call call, String run) {
    String environment = call.credential().environment().id();
    if (!RunId.isOf(environment, run)) {
      throw new Refused(Answers.error(404, "Run not found"));
    }
    return environment;
  }

  private CompletionStage<HttpResponse> retrieve(Call call, String id) {
    if (call.header("accept")
        .filter(accept -> accept.startsWith("text/event-stream"))
        .isPresent()) {
      return readable(call, id).thenApply(found -> SseFormat.response(events(call, id)));
    }
    Duration maxWait = call.query("wait").map(WaitpointRoutes::seconds).orElse(Duration.ZERO);
    return readable(call, id)
        .thenCompose(
            found ->
                maxWait.isZero()
                    ? CompletableFuture.completedFuture(found)
                    : find(call, id, maxWait))
        .thenCompose(found -> json(call, found))
        .thenApply(json -> Answers.json(200, json));
  }

  /** The waitpoint as it is, if the caller may see it: whether it exists is said first. */
  private CompletionStage<Waitpoint> readable(Call call, String id) {
    return find(call, id, Duration.ZERO)
        .thenApply(
            found -> {
              requireScope(call, "read", id);
              return found;
            });
  }

  private static Duration seconds(String text) {
    if (!text.matches("[0-9]{1,9}")) {
      throw new Refused(
          Answers.detailed("Query Error", List.of("wait must be a number of seconds")));
    }
    Duration wanted = Duration.ofSeconds(Long.parseLong(text));
    return wanted.compareTo(LONGEST_POLL) < 0 ? wanted : LONGEST_POLL;
  }

  /** Pings while it waits, then the waitpoint, then the end. */
  private Source<ByteString, NotUsed> events(Call call, String id) {
    return Source.unfoldAsync(
        Optional.of(Duration.ZERO),
        state -> {
          if (state.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
          }
          return find(call, id, state.get())
              .thenCompose(found -> json(call, found).thenApply(json -> event(found, json)))
              .thenApply(Optional::of);
        });
  }

  private static Pair<Optional<Duration>, ByteString> event(Waitpoint waitpoint, ObjectNode json) {
    boolean ended = waitpoint.outcome() != null;
    String text =
        ended ? "event: waitpoint\ndata: " + Json.text(json) + "\n\n" : "event: ping\ndata: {}\n\n";
    return Pair.create(
        ended ? Optional.empty() : Optional.of(PING_EVERY), ByteString.fromString(text));
  }

  private CompletionStage<HttpResponse> complete(Call call, String id) {
    return call.body()
        .thenCompose(
            bytes -> {
              String data = data(bytes, id);
              requireScope(call, "write", id);
              return sessions.ask(session(call, id), new SessionCommand.CompleteWait(id, data));
            })
        .thenApply(
            reply -> {
              if (reply instanceof SessionReply.WaitpointIs) {
                return Answers.json(200, Json.object().put("success", true));
              }
              return reply instanceof SessionReply.NoSuchWaitpoint
                  ? Answers.error(404, "Waitpoint not found")
                  : Replies.of(reply);
            });
  }

  /** The output as JSON text; null when there is none. */
  private static @Nullable String data(byte[] bytes, String id) {
    if (bytes.length == 0) {
      return null;
    }
    JsonNode body =
        Json.parse(bytes)
            .filter(JsonNode::isObject)
            .orElseThrow(() -> new Refused(Answers.error(400, "Invalid JSON")));
    if (!body.hasNonNull("data")) {
      return null;
    }
    String data = Json.text(body.get("data"));
    int size = RecordContent.of(Envelope.ofJson(data, id)).meteredSize();
    if (size > Append.MAX_METERED_SIZE) {
      throw new Refused(
          Answers.error(413, "The output is larger than " + Append.MAX_METERED_SIZE + " bytes"));
    }
    return data;
  }

  private static void requireScope(Call call, String action, String id) {
    SessionAccess.require(call, action, List.of(new Resource("waitpoints", id)));
  }

  private static SessionId session(Call call, String id) {
    return WaitpointId.session(call.credential().environment().id(), id)
        .orElseThrow(() -> new Refused(NOT_FOUND));
  }

  private CompletionStage<Waitpoint> find(Call call, String id, Duration maxWait) {
    return sessions
        .watch(session(call, id), id, maxWait)
        .thenApply(found -> found.orElseThrow(() -> new Refused(NOT_FOUND)));
  }

  private String url(Call call, String id) {
    return origin.of(call.request()) + "/api/v1/waitpoints/tokens/" + id + "/complete";
  }

  /** Section 5.3; what is not there is left out. */
  private CompletionStage<ObjectNode> json(Call call, Waitpoint waitpoint) {
    Waitpoint.Outcome outcome = waitpoint.outcome();
    ObjectNode json = Json.object().put("id", waitpoint.id()).put("url", url(call, waitpoint.id()));
    json.put(
        "status", outcome == null ? "WAITING" : outcome.timedOut() ? "TIMED_OUT" : "COMPLETED");
    waitpoint.tags().forEach(json.putArray("tags")::add);
    json.put("createdAt", Json.date(waitpoint.createdAt()));
    if (waitpoint.timeoutAt() != null) {
      json.put("timeoutAt", Json.date(waitpoint.timeoutAt()));
    }
    if (waitpoint.idempotencyKey() != null) {
      json.put("idempotencyKey", waitpoint.idempotencyKey());
      json.put("idempotencyKeyExpiresAt", Json.date(waitpoint.idempotencyKeyExpiresAt()));
    }
    if (outcome == null) {
      return CompletableFuture.completedFuture(json);
    }
    json.put("completedAt", Json.date(outcome.at()));
    if (outcome.timedOut()) {
      ObjectNode error =
          Json.object()
              .put("message", "Waitpoint timed out at " + Json.date(waitpoint.timeoutAt()));
      return CompletableFuture.completedFuture(
          output(json, Json.text(error)).put("outputIsError", true));
    }
    return outputs
        .of(session(call, waitpoint.id()), outcome)
        .thenApply(output -> output.map(text -> output(json, text)).orElse(json));
  }

  private static ObjectNode output(ObjectNode json, String text) {
    return json.put("output", text).put("outputType", "application/json");
  }
}
