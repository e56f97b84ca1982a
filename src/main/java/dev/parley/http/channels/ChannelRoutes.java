package dev.parley.http.channels;

import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefix;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.auth.StreamCredentials;
import dev.parley.entity.Inspection;
import dev.parley.entity.ReadEvent;
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
import dev.parley.session.Bytes;
import dev.parley.session.PartId;
import dev.parley.session.RecordContent;
import dev.parley.session.Session;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import dev.parley.session.SessionReply;
import dev.parley.session.SessionStatus;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.PathMatcher1;
import org.apache.pekko.http.javadsl.server.PathMatcher2;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** {@code /realtime/v1/sessions/:session[/channels/:name]/:io} (trigger.md section 4). */
public final class ChannelRoutes {
  private static final int MAX_APPEND = 1_048_576;
  private static final Duration PING_EVERY = Duration.ofSeconds(10);

  private static final PathMatcher1<String> SESSION =
      segment("realtime").slash("v1").slash("sessions").slash(segment());
  private static final PathMatcher2<String, String> PAIR = SESSION.slash(segment());

  private static final PathMatcher2<String, String> SIDE =
      SESSION.slash("channels").slash(segment());

  /** How the published client reads the events (section 4.4). */
  private static final HttpHeader STREAM_VERSION = RawHeader.create("X-Stream-Version", "v2");

  private final Endpoints endpoints;
  private final Sessions sessions;
  private final SessionAccess access;
  private final S2Endpoint s2;
  private final Clock clock;

  public ChannelRoutes(
      Endpoints endpoints,
      Sessions sessions,
      StreamCredentials credentials,
      PublicOrigin origin,
      Clock clock) {
    this.endpoints = endpoints;
    this.sessions = sessions;
    this.access = new SessionAccess(sessions);
    this.s2 = new S2Endpoint(credentials, origin);
    this.clock = clock;
  }

  public Route routes() {
    return concat(
        path(PAIR, (key, io) -> stream(key, null, io)),
        path(PAIR.slash("append"), (key, io) -> append(key, null, io)),
        path(PAIR.slash("records"), (key, io) -> records(key, null, io)),
        pathPrefix(
            SIDE,
            (key, name) ->
                concat(
                    path(segment(), io -> stream(key, name, io)),
                    path(segment().slash("append"), io -> append(key, name, io)),
                    path(segment().slash("records"), io -> records(key, name, io)))));
  }

  private Route stream(String key, @Nullable String name, String io) {
    return endpoints
        .methods()
        .loader(
            "GET", Access.VISITOR_OR_QUERY, call -> subscribe(call, StreamUrl.parse(key, name, io)))
        .loader("HEAD", Access.VISITOR, call -> head(call, StreamUrl.parse(key, name, io)))
        .action(
            "PUT",
            Access.ANY_CREDENTIAL,
            MAX_APPEND,
            call -> initialize(call, StreamUrl.parse(key, name, io)))
        .route();
  }

  private Route append(String key, @Nullable String name, String io) {
    return endpoints
        .methods()
        .action(
            "POST",
            Access.VISITOR,
            MAX_APPEND,
            call -> append(call, StreamUrl.parse(key, name, io)))
        .route();
  }

  private Route records(String key, @Nullable String name, String io) {
    return endpoints
        .methods()
        .loader("GET", Access.VISITOR, call -> records(call, StreamUrl.parse(key, name, io)))
        .route();
  }

  private CompletionStage<HttpResponse> subscribe(Call call, StreamUrl url) {
    return readable(call, url)
        .thenApply(
            session -> {
              SubscribeHeaders wanted =
                  SubscribeHeaders.read(call, url.isOut(), session.inspection());
              SseFormat format = new SseFormat(clock);
              HttpResponse response =
                  SseFormat.response(events(session, url, wanted).map(format::write))
                      .addHeader(STREAM_VERSION);
              return wanted.settledOnly()
                  ? response.addHeader(RawHeader.create("X-Session-Settled", "true"))
                  : response;
            });
  }

  private Source<ReadEvent, NotUsed> events(
      SessionAccess.Readable session, StreamUrl url, SubscribeHeaders wanted) {
    return wanted.settledOnly()
        ? sessions.drain(session.id(), url.channel(), wanted.fromSeq(), session.inspection())
        : sessions.follow(
            session.id(),
            url.channel(),
            wanted.fromSeq(),
            session.inspection(),
            wanted.maxSilence(),
            PING_EVERY);
  }

  private CompletionStage<HttpResponse> head(Call call, StreamUrl url) {
    return readable(call, url)
        .thenApply(
            session -> Answers.empty(200).addHeader(RawHeader.create("X-Last-Chunk-Index", "0")));
  }

  private CompletionStage<HttpResponse> records(Call call, StreamUrl url) {
    long from = call.query("afterEventId").map(ChannelRoutes::afterEventId).orElse(0L);
    return readable(call, url)
        .thenApply(
            session -> {
              RecordsJson json = new RecordsJson();
              Source<ByteString, NotUsed> body =
                  sessions
                      .drain(session.id(), url.channel(), from, session.inspection())
                      .filterNot(ReadEvent.Ping.class::isInstance)
                      .map(json::write)
                      .prepend(Source.single(RecordsJson.START))
                      .concat(Source.single(RecordsJson.END))
                      .filter(bytes -> !bytes.isEmpty());
              return HttpResponse.create()
                  .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, body));
            });
  }

  private static long afterEventId(String text) {
    if (!text.matches("[0-9]{1,18}")) {
      throw new Refused(
          Answers.detailed("Query Error", List.of("afterEventId must be a sequence number")));
    }
    return Long.parseLong(text) + 1;
  }

  private CompletionStage<SessionAccess.Readable> readable(Call call, StreamUrl url) {
    return access.forLoader(
        call,
        url.channel(),
        url.key(),
        url::resources,
        true,
        Answers.notFound("Resource not found"));
  }

  private CompletionStage<HttpResponse> append(Call call, StreamUrl url) {
    return call.body()
        .thenCompose(
            body -> {
              if (url.isOut() && !call.credential().isSecretKey()) {
                throw new Refused(
                    refusal(
                        403, "Appending to the out channel requires secret key authentication"));
              }
              return access
                  .forAction(
                      call,
                      "write",
                      url.key(),
                      url::resources,
                      Answers.error(404, "Resource not found"))
                  .thenCompose(id -> append(call, url, id, body));
            });
  }

  private CompletionStage<HttpResponse> append(
      Call call, StreamUrl url, SessionId id, byte[] body) {
    Optional<String> partId = call.header("X-Part-Id").filter(given -> !given.isEmpty());
    Bytes envelope =
        AppendBody.envelope(body, url.channel(), partId.orElseGet(() -> RecordId.random()));
    RecordContent record = RecordContent.of(envelope);
    if (record.meteredSize() > SessionCommand.Append.MAX_METERED_SIZE) {
      return CompletableFuture.completedFuture(
          refusal(
              413,
              ("Record metered size %d bytes exceeds the S2 per-record limit of %d bytes. "
                      + "Send less, or split it into several records.")
                  .formatted(record.meteredSize(), SessionCommand.Append.MAX_METERED_SIZE)));
    }
    return sessions
        .ask(
            id,
            SessionCommand.Append.single(
                url.channel(), record, partId.map(PartId::of).orElse(null)))
        .thenApply(ChannelRoutes::appended);
  }

  private static HttpResponse appended(SessionReply reply) {
    if (reply instanceof SessionReply.Appended appended) {
      return Answers.json(200, "{\"ok\":true,\"seq\":" + appended.start().seq() + "}");
    }
    if (reply instanceof SessionReply.Closed closed) {
      ObjectNode body =
          Json.object()
              .put("ok", false)
              .put("error", "Cannot append to a closed session")
              .put("code", "session_closed")
              .put("closedReason", closed.reason());
      return Answers.json(409, body, true);
    }
    if (reply instanceof SessionReply.Expired) {
      return refusal(400, "Cannot append to an expired session");
    }
    if (reply instanceof SessionReply.NoSuchSession) {
      return Answers.error(404, "Resource not found");
    }
    if (reply instanceof SessionReply.ServerOnlyChannel) {
      return refusal(403, "The lifecycle channel is written by the server alone");
    }
    if (reply instanceof SessionReply.TooManyStreams) {
      return refusal(422, "A session has at most " + Session.MAX_STREAMS + " streams");
    }
    return Replies.of(reply);
  }

  private CompletionStage<HttpResponse> initialize(Call call, StreamUrl url) {
    if (url.isOut() && !call.credential().isSecretKey()) {
      throw new Refused(
          Answers.text(403, "Initializing the out channel requires secret key authentication"));
    }
    if (url.channel().isServerOnly()) {
      throw new Refused(Answers.text(403, "The lifecycle channel is written by the server alone"));
    }
    HttpResponse notFound = Answers.text(404, "Session not found");
    return access
        .forAction(call, "write", url.key(), url::resources, notFound)
        .thenCompose(
            id ->
                sessions
                    .inspect(id, url.channel())
                    .thenApply(inspection -> initialized(call, url, id, inspection, notFound)));
  }

  private HttpResponse initialized(
      Call call, StreamUrl url, SessionId id, Inspection inspection, HttpResponse notFound) {
    SessionInfo info = inspection.info();
    if (info == null && url.key().startsWith(SessionId.PREFIX)) {
      return notFound;
    }
    if (info != null && info.status(clock.instant()) == SessionStatus.CLOSED) {
      return Answers.text(400, "Cannot initialize a channel on a closed session");
    }
    return Answers.json(202, Json.object().put("version", "v2"))
        .addHeaders(s2.headers(call, id, url.channel(), inspection.generation()));
  }

  private static HttpResponse refusal(int status, String text) {
    return Answers.json(status, Json.object().put("ok", false).put("error", text));
  }
}
