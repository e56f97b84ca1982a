package dev.parley.http.sessions;

import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.auth.Resource;
import dev.parley.entity.Leaving;
import dev.parley.entity.Sessions;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Call;
import dev.parley.http.shared.Endpoints;
import dev.parley.http.shared.Endpoints.Access;
import dev.parley.http.shared.Json;
import dev.parley.http.shared.PublicOrigin;
import dev.parley.http.shared.Refused;
import dev.parley.http.shared.Replies;
import dev.parley.http.shared.SessionAccess;
import dev.parley.http.shared.SseFormat;
import dev.parley.session.Envelope;
import dev.parley.session.RecordContent;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionCommand.Append;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import dev.parley.session.Waitpoint;
import dev.parley.session.WaitpointId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.PathMatcher1;
import org.apache.pekko.http.javadsl.server.PathMatcher2;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Looks at waitpoints and completes them (trigger.md sections 5.2 to 5.4): at once, by a long poll,
 * or as server-sent events.
 */
public final class WaitpointTokenRoutes {
  private static final PathMatcher1<String> TOKEN =
      segment("api").slash("v1").slash("waitpoints").slash("tokens").slash(segment());

  private static final PathMatcher2<String, String> RUN_TOKEN =
      segment("engine")
          .slash("v1")
          .slash("runs")
          .slash(segment())
          .slash("waitpoints")
          .slash("tokens")
          .slash(segment())
          .slash("wait");

  private static final Duration LONGEST_POLL = Duration.ofSeconds(60);
  private static final Duration PING_EVERY = Duration.ofSeconds(10);
  private static final HttpResponse NOT_FOUND = Answers.notFound("Waitpoint not found");

  private final Endpoints endpoints;
  private final Sessions sessions;
  private final WaitpointDocument document;
  private final PublicOrigin origin;

  public WaitpointTokenRoutes(
      ActorSystem<?> system, Endpoints endpoints, Sessions sessions, PublicOrigin origin) {
    this.endpoints = endpoints;
    this.sessions = sessions;
    this.document = new WaitpointDocument(system, sessions);
    this.origin = origin;
  }

  public Route routes() {
    return concat(
        path(
            RUN_TOKEN,
            (run, id) ->
                endpoints
                    .methods()
                    .action("POST", Access.SECRET_KEY, 1_024, call -> waitInRun(call, run, id))
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

  /** Runs have no engine here: that there is something to wait for is all there is to say. */
  private CompletionStage<HttpResponse> waitInRun(Call call, String run, String id) {
    WaitpointRoutes.requireRun(call, run);
    return find(call, id, Duration.ZERO)
        .thenApply(found -> Answers.json(200, Json.object().put("success", true)));
  }

  private CompletionStage<HttpResponse> retrieve(Call call, String id) {
    if (call.header("accept")
        .filter(accept -> accept.startsWith("text/event-stream"))
        .isPresent()) {
      return readable(call, id).thenApply(found -> SseFormat.response(events(call, id)));
    }
    Duration maxWait = call.query("wait").map(WaitpointTokenRoutes::seconds).orElse(Duration.ZERO);
    return readable(call, id)
        .thenCompose(
            found ->
                maxWait.isZero()
                    ? CompletableFuture.completedFuture(found)
                    : sessions
                        .leaving()
                        .unlessLeaving(
                            find(call, id, maxWait), () -> find(call, id, Duration.ZERO)))
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

  /** Pings while it waits, then the waitpoint or an error, then the end. */
  private Source<ByteString, NotUsed> events(Call call, String id) {
    return Source.unfoldAsync(
        Optional.of(Duration.ZERO),
        maxWait ->
            maxWait.isEmpty()
                ? CompletableFuture.completedFuture(Optional.empty())
                : next(call, id, maxWait.get()).thenApply(Optional::of));
  }

  /** An event, and how long the next one may be waited for; empty when it is the last one. */
  private CompletionStage<Pair<Optional<Duration>, ByteString>> next(
      Call call, String id, Duration maxWait) {
    return sessions
        .leaving()
        .unlessLeaving(
            find(call, id, maxWait)
                .thenCompose(found -> json(call, found).thenApply(json -> event(found, json))),
            () -> CompletableFuture.completedFuture(error(Leaving.COME_AGAIN)))
        .exceptionally(failure -> error("the waitpoint can't be read at the moment"));
  }

  private static Pair<Optional<Duration>, ByteString> error(String why) {
    return Pair.create(Optional.empty(), SseFormat.error(why));
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

  private CompletionStage<ObjectNode> json(Call call, Waitpoint waitpoint) {
    return document.of(origin.of(call.request()), session(call, waitpoint.id()), waitpoint);
  }
}
