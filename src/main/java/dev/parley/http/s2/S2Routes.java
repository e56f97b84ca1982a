package dev.parley.http.s2;

import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.parley.auth.StreamCredentials;
import dev.parley.entity.ReadEvent;
import dev.parley.entity.Sessions;
import dev.parley.http.shared.ErrorShape;
import dev.parley.http.shared.Exchanges;
import dev.parley.http.shared.IncomingBody;
import dev.parley.http.shared.Json;
import dev.parley.http.shared.RecordsDocument;
import dev.parley.http.shared.RecordsDocument.Form;
import dev.parley.http.shared.Refused;
import dev.parley.http.shared.SseFormat;
import dev.parley.session.JsonBuffer;
import dev.parley.session.SessionCommand.Append;
import dev.parley.session.SessionReply;
import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.PathMatcher1;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.util.ByteString;

/** {@code /v1/streams/:stream/records[/tail]} (s2.md). */
public final class S2Routes {
  private static final ErrorShape ERRORS = new S2ErrorShape();

  /** 1 MiB of text, each byte of it written as an escape of six. */
  private static final long MAX_JSON_BODY = 8 * 1024 * 1024;

  private static final PathMatcher1<String> RECORDS =
      segment("v1").slash("streams").slash(segment()).slash("records");

  private final Exchanges exchanges;
  private final StreamAccess access;
  private final Sessions sessions;
  private final Reads reads;
  private final Clock clock;

  public S2Routes(
      ActorSystem<?> system,
      Exchanges exchanges,
      StreamCredentials credentials,
      Sessions sessions,
      Clock clock) {
    this.exchanges = exchanges;
    this.access = new StreamAccess(credentials);
    this.sessions = sessions;
    this.reads = new Reads(system, sessions);
    this.clock = clock;
  }

  public Route routes() {
    return concat(path(RECORDS, this::records), path(RECORDS.slash("tail"), this::tail));
  }

  private Route records(String name) {
    Map<String, Exchanges.Handler> byMethod = new LinkedHashMap<>();
    byMethod.put("POST", (request, body) -> append(request, access.open(request, name), body));
    byMethod.put("GET", (request, body) -> read(request, access.open(request, name)));
    byMethod.put("HEAD", byMethod.get("GET"));
    return exchanges.route(ERRORS, byMethod);
  }

  private Route tail(String name) {
    Exchanges.Handler tail = (request, body) -> tail(access.open(request, name));
    Map<String, Exchanges.Handler> byMethod = new LinkedHashMap<>();
    byMethod.put("GET", tail);
    byMethod.put("HEAD", tail);
    return exchanges.route(ERRORS, byMethod);
  }

  private CompletionStage<HttpResponse> append(
      HttpRequest request, OpenStream stream, IncomingBody body) {
    return switch (MediaType.ofContent(request)) {
      case S2S ->
          answer(
              HttpResponse.create()
                  .withEntity(
                      HttpEntities.create(
                          MediaType.S2S_CONTENT,
                          body.stream().via(new AppendSession(stream, sessions)))));
      case PROTOBUF ->
          body(body, Frame.MAX_LENGTH)
              .thenCompose(bytes -> append(request, stream, protobuf(stream, bytes)));
      case JSON -> {
        Form form = form(request);
        yield body(body, MAX_JSON_BODY)
            .thenCompose(
                bytes -> append(request, stream, AppendJson.parse(stream.channel(), bytes, form)));
      }
      default ->
          throw S2Error.of(400, "bad_json", "the content type must be JSON, protobuf or s2s/proto")
              .refused();
    };
  }

  private static CompletionStage<byte[]> body(IncomingBody body, long maxBytes) {
    return body.exceeds(maxBytes)
        ? CompletableFuture.failedFuture(new Refused(ERRORS.bodyTooLarge(maxBytes)))
        : body.read(maxBytes);
  }

  private static Append protobuf(OpenStream stream, byte[] bytes) {
    try {
      return AppendInputs.parse(stream.channel(), UnsafeByteOperations.unsafeWrap(bytes));
    } catch (InvalidProtocolBufferException e) {
      throw S2Error.of(400, "bad_proto", "the body is no AppendInput").refused();
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory can always be read", e);
    }
  }

  private CompletionStage<HttpResponse> append(
      HttpRequest request, OpenStream stream, Append append) {
    Optional<String> problem = AppendCheck.problem(append);
    if (problem.isPresent()) {
      throw S2Error.invalid(problem.get()).refused();
    }
    return sessions
        .ask(stream.session(), stream.generation(), append)
        .thenApply(
            reply -> {
              if (!(reply instanceof SessionReply.Appended appended)) {
                throw S2Error.of(reply).refused();
              }
              return MediaType.accepted(request) == MediaType.PROTOBUF
                  ? protobuf(Acks.message(appended).toByteArray())
                  : json(Acks.json(appended));
            });
  }

  private CompletionStage<HttpResponse> read(HttpRequest request, OpenStream stream) {
    ReadRequest wanted = ReadRequest.parse(request);
    if (MediaType.ofContent(request) == MediaType.S2S) {
      return reads.stream(stream, wanted)
          .thenApply(
              events ->
                  HttpResponse.create()
                      .withEntity(
                          HttpEntities.create(
                              MediaType.S2S_CONTENT,
                              events.map(ReadFrames::write).filter(frame -> !frame.isEmpty()))));
    }
    Form form = form(request);
    return switch (MediaType.accepted(request)) {
      case EVENT_STREAM -> events(request, stream, wanted, form);
      case PROTOBUF ->
          reads
              .once(stream, wanted)
              .thenApply(
                  result ->
                      protobuf(ReadFrames.message(result.records(), result.tail()).toByteArray()));
      default ->
          reads
              .once(stream, wanted)
              .thenApply(result -> json(RecordsDocument.of(result.records(), result.tail(), form)));
    };
  }

  private CompletionStage<HttpResponse> events(
      HttpRequest request, OpenStream stream, ReadRequest wanted, Form form) {
    Optional<ReadSoFar> before = ReadSoFar.of(request);
    ReadRequest rest = before.map(read -> read.rest(wanted)).orElse(wanted);
    SseFormat format =
        new SseFormat(
            clock,
            form,
            before.map(ReadSoFar::count).orElse(0L),
            before.map(ReadSoFar::bytes).orElse(0L));
    return reads.stream(stream, rest)
        .thenApply(events -> SseFormat.response(events.map(event -> write(format, event))));
  }

  /** The channels' events, except that an error is JSON (section 5.3). */
  private static ByteString write(SseFormat format, ReadEvent event) {
    return event instanceof ReadEvent.Failed failed
        ? SseFormat.error(Json.text(S2Error.unavailable(failed.reason()).body()))
        : format.write(event);
  }

  private CompletionStage<HttpResponse> tail(OpenStream stream) {
    return reads
        .tail(stream)
        .thenApply(
            tail -> {
              JsonBuffer out = new JsonBuffer(80).raw("{\"tail\":");
              return json(RecordsDocument.position(out, tail).raw("}").toBytes());
            });
  }

  /** How names, values and bodies are written in JSON (section 1). */
  private static Form form(HttpRequest request) {
    String format = request.getHeader("s2-format").map(HttpHeader::value).orElse("raw");
    return switch (format) {
      case "raw", "json" -> Form.RAW;
      case "base64", "json-binsafe" -> Form.BASE64;
      default -> throw S2Error.of(400, "bad_header", "s2-format must be raw or base64").refused();
    };
  }

  private static HttpResponse json(byte[] body) {
    return HttpResponse.create()
        .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, body));
  }

  private static HttpResponse protobuf(byte[] body) {
    return HttpResponse.create().withEntity(HttpEntities.create(MediaType.PROTOBUF_CONTENT, body));
  }

  private static CompletionStage<HttpResponse> answer(HttpResponse response) {
    return CompletableFuture.completedFuture(response);
  }
}
