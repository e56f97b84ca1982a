package dev.parley.http.socketio;

import dev.parley.http.shared.Answers;
import dev.parley.http.shared.IncomingBody;
import dev.parley.http.shared.Refused;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.apache.pekko.Done;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.Query;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.scaladsl.model.IllegalUriException;

/** The requests of Engine.IO: handshake, poll, post and WebSocket. */
final class EngineRequests {
  private static final String PROTOCOL = "4";
  private static final HttpHeader NO_STORE = RawHeader.create("Cache-Control", "no-store");

  /** What the transport puts into the query; the rest is the client's own. */
  private static final Set<String> TRANSPORT_PARAMETERS =
      Set.of("EIO", "transport", "sid", "t", "b64", "j");

  private static final Pattern HEADER_NAMES =
      Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z, -]{1,4096}");

  private final Connections connections;
  private final WebSocketPackets packets;
  private final SocketIoSettings settings;

  EngineRequests(Connections connections, WebSocketPackets packets, SocketIoSettings settings) {
    this.connections = connections;
    this.packets = packets;
    this.settings = settings;
  }

  /**
   * The answer to {@code OPTIONS}: any page may send any header, as credentials are none of them.
   */
  CompletionStage<HttpResponse> preflight(HttpRequest request, IncomingBody body) {
    String headers =
        request
            .getHeader("Access-Control-Request-Headers")
            .map(HttpHeader::value)
            .filter(names -> HEADER_NAMES.matcher(names).matches())
            .orElse("content-type, x-api-key");
    return CompletableFuture.completedFuture(
        Answers.empty(204)
            .addHeaders(
                List.of(
                    RawHeader.create("Access-Control-Allow-Methods", "GET, POST"),
                    RawHeader.create("Access-Control-Allow-Headers", headers),
                    RawHeader.create("Access-Control-Max-Age", "300"),
                    RawHeader.create("Vary", "Access-Control-Request-Headers"))));
  }

  /** Handshake, poll or WebSocket. */
  CompletionStage<HttpResponse> get(HttpRequest request, IncomingBody body) {
    Query query = query(request);
    boolean polling = isPolling(query);
    var upgrade = request.getAttribute(AttributeKeys.webSocketUpgrade);
    if (polling == upgrade.isPresent()) {
      throw refused(EngineError.BAD_REQUEST);
    }
    Connections.Connection connection =
        sid(query).isPresent() ? find(query) : open(request, query, polling);
    return polling
        ? poll(connection)
        : CompletableFuture.completedFuture(
            upgrade.get().handleMessagesWith(packets.flow(connection.actor())));
  }

  /** What a polling client sends. */
  CompletionStage<HttpResponse> post(HttpRequest request, IncomingBody body) {
    Query query = query(request);
    boolean polling = isPolling(query);
    if (sid(query).isEmpty()) {
      throw refused(EngineError.BAD_HANDSHAKE_METHOD);
    }
    Connections.Connection connection = find(query);
    // Whatever type it claims, or none: in this protocol a body is always text.
    if (!polling) {
      throw refused(EngineError.BAD_REQUEST);
    }
    // Without a declared length the bytes are counted as they come.
    if (body.isLongerThan(settings.maxPayload())) {
      throw new Refused(EngineError.SHAPE.bodyTooLarge(settings.maxPayload()));
    }
    if (!connection.entry().beginPost()) {
      connection.actor().tell(ConnectionCommand.Signal.MISUSED);
      throw refused(EngineError.BAD_REQUEST);
    }
    return body.read(settings.maxPayload())
        .thenCompose(bytes -> post(connection, bytes))
        .whenComplete((answer, failure) -> connection.entry().endPost());
  }

  private CompletionStage<HttpResponse> post(Connections.Connection connection, byte[] bytes) {
    CompletableFuture<Done> taken = connection.entry().expect();
    List<EnginePacket> received =
        EnginePacket.decodePayload(new String(bytes, StandardCharsets.UTF_8));
    connection.actor().tell(new ConnectionCommand.Posted(received, taken));
    return taken.thenApply(
        done ->
            HttpResponse.create()
                .addHeader(NO_STORE)
                .withEntity(HttpEntities.create(ContentTypes.TEXT_HTML_UTF8, "ok")));
  }

  private CompletionStage<HttpResponse> poll(Connections.Connection connection) {
    CompletableFuture<String> answer = connection.entry().expect();
    connection.actor().tell(new ConnectionCommand.Poll(answer));
    return answer.thenApply(
        payload ->
            HttpResponse.create()
                .addHeader(NO_STORE)
                .withEntity(HttpEntities.create(ContentTypes.TEXT_PLAIN_UTF8, payload)));
  }

  private Connections.Connection open(HttpRequest request, Query query, boolean polling) {
    if (!query.get("EIO").equals(Optional.of(PROTOCOL))) {
      throw refused(EngineError.UNSUPPORTED_PROTOCOL_VERSION);
    }
    return connections
        .open(parts(request, query), polling)
        .orElseThrow(() -> new Refused(EngineError.overloaded()));
  }

  private Connections.Connection find(Query query) {
    Connections.Connection connection =
        sid(query).flatMap(connections::find).orElseThrow(() -> refused(EngineError.UNKNOWN_SID));
    if (!query.get("EIO").equals(Optional.of(PROTOCOL))) {
      throw refused(EngineError.BAD_REQUEST);
    }
    return connection;
  }

  private static Handshake.Request parts(HttpRequest request, Query query) {
    List<Handshake.Field> headers = new ArrayList<>();
    request
        .getHeaders()
        .forEach(header -> headers.add(new Handshake.Field(header.name(), header.value())));
    List<Handshake.Field> parameters =
        query.toList().stream()
            .filter(parameter -> !TRANSPORT_PARAMETERS.contains(parameter.first()))
            .map(parameter -> new Handshake.Field(parameter.first(), parameter.second()))
            .toList();
    return new Handshake.Request(List.copyOf(headers), parameters);
  }

  private static Query query(HttpRequest request) {
    try {
      return request.getUri().query();
    } catch (IllegalUriException e) {
      throw refused(EngineError.BAD_REQUEST);
    }
  }

  private static boolean isPolling(Query query) {
    String transport = query.get("transport").orElse("");
    return switch (transport) {
      case "polling" -> true;
      case "websocket" -> false;
      default -> throw refused(EngineError.UNKNOWN_TRANSPORT);
    };
  }

  private static Optional<String> sid(Query query) {
    return query.get("sid").filter(sid -> !sid.isEmpty());
  }

  private static Refused refused(EngineError error) {
    return new Refused(error.response());
  }
}
