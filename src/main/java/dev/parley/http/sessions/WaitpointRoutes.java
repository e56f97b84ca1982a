package dev.parley.http.sessions;

import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.agent.SignedPosts;
import dev.parley.auth.Environment;
import dev.parley.auth.PublicTokens;
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
import dev.parley.session.Callback;
import dev.parley.session.Channel;
import dev.parley.session.RunId;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import dev.parley.session.WaitpointId;
import java.time.Clock;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.PathMatcher0;
import org.apache.pekko.http.javadsl.server.PathMatcher1;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/**
 * Registers waitpoints: on streams of sessions, and tokens without a session (trigger.md section
 * 5).
 */
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

  private static final BodySchema WAIT = BodySchema.load("wait");
  private static final BodySchema CREATE = BodySchema.load("create-waitpoint");

  private final Endpoints endpoints;
  private final Sessions sessions;
  private final SignedPosts posts;
  private final PublicTokens tokens;
  private final PublicOrigin origin;
  private final Clock clock;

  /**
   * @param posts what will be asked to post to callback URLs
   */
  public WaitpointRoutes(
      Endpoints endpoints,
      Sessions sessions,
      SignedPosts posts,
      PublicTokens tokens,
      PublicOrigin origin,
      Clock clock) {
    this.endpoints = endpoints;
    this.sessions = sessions;
    this.posts = posts;
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
            TOKENS,
            () ->
                endpoints
                    .methods()
                    .action("POST", Access.SECRET_KEY, 32_768, this::create)
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
                      callback(call, body),
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
                  WaitBodies.parse(
                      body,
                      WaitpointId.mint(session),
                      null,
                      callback(call, body),
                      false,
                      clock.instant()));
            })
        .thenApply(
            reply -> {
              SessionReply.WaitpointIs is = registered(reply);
              return Answers.json(
                      200,
                      Json.object()
                          .put("id", is.waitpoint().id())
                          .put("isCached", is.repeated())
                          .put(
                              "url",
                              WaitpointDocument.url(
                                  origin.of(call.request()), is.waitpoint().id())))
                  // Given, because the client can sign with a root key only.
                  .addHeader(
                      RawHeader.create(
                          "x-trigger-jwt",
                          tokens.waitpointToken(environment, is.waitpoint().id())));
            });
  }

  private @Nullable Callback callback(Call call, JsonNode body) {
    return WaitBodies.callback(body, origin.of(call.request()), posts::problem);
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

  /** The environment, in which the run must be. */
  static String requireRun(Call call, String run) {
    String environment = call.credential().environment().id();
    if (!RunId.isOf(environment, run)) {
      throw new Refused(Answers.error(404, "Run not found"));
    }
    return environment;
  }
}
