package dev.parley.http.ws;

import dev.parley.auth.RuntimeTokens;
import dev.parley.auth.RuntimeTokens.Grant;
import dev.parley.auth.RuntimeTokens.SocketVerdict;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.FrameStage;
import dev.parley.http.shared.IncomingBody;
import dev.parley.http.shared.Refused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.event.NoLogging;
import org.apache.pekko.http.impl.engine.ws.FrameEvent;
import org.apache.pekko.http.impl.engine.ws.UpgradeToWebSocketLowLevel;
import org.apache.pekko.http.impl.engine.ws.WebSocket;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.http.scaladsl.settings.WebSocketSettings;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.concurrent.duration.FiniteDuration;

/**
 * Who may open a socket (across.md section 5): the token stands in the query or behind {@code
 * parley} among the sub-protocols. A cookie is not looked at. A token that was good but has
 * expired, or whose login has ended, gets a socket that is closed at once, since a page can't see
 * the status of a refused one.
 */
final class SocketUpgrade {
  private static final String PROTOCOL = "parley";
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(3);

  private final RuntimeTokens tokens;
  private final PageCheck pages;
  private final OpenSockets sockets;
  private final IncomingFrames frames;
  private final SocketSettings settings;
  private final WebSocketSettings webSocketSettings;

  /** Whether the page that asks may have a socket. */
  interface PageCheck {
    /** Fails with {@link Refused} when it may not; false when the token's login has ended. */
    CompletionStage<Boolean> admit(HttpRequest request, Grant grant);
  }

  SocketUpgrade(
      ActorSystem<?> system,
      RuntimeTokens tokens,
      PageCheck pages,
      OpenSockets sockets,
      SocketSettings settings) {
    this.tokens = tokens;
    this.pages = pages;
    this.sockets = sockets;
    this.frames = new IncomingFrames(system);
    this.settings = settings;
    this.webSocketSettings =
        (WebSocketSettings) ServerSettings.create(system.classicSystem()).getWebsocketSettings();
  }

  CompletionStage<HttpResponse> open(HttpRequest request, IncomingBody body) {
    UpgradeToWebSocketLowLevel upgrade = upgrade(request);
    List<String> protocols = new ArrayList<>();
    upgrade.getRequestedProtocols().forEach(protocols::add);
    String token = token(request, protocols).orElseThrow(() -> unauthorized("A token is needed"));
    Option<String> protocol =
        protocols.contains(PROTOCOL) ? Option.apply(PROTOCOL) : Option.empty();
    SocketVerdict verdict = tokens.verifySocket(token);
    if (verdict instanceof SocketVerdict.Expired) {
      return CompletableFuture.completedFuture(closed(upgrade, protocol, Farewell.EXPIRED));
    }
    if (!(verdict instanceof SocketVerdict.Opens opens)) {
      throw unauthorized("The token opens no socket");
    }
    return pages
        .admit(request, opens.grant())
        .thenApply(
            admitted ->
                admitted
                    ? opened(upgrade, protocol, opens.grant())
                    : closed(upgrade, protocol, Farewell.LOGGED_OUT));
  }

  private static UpgradeToWebSocketLowLevel upgrade(HttpRequest request) {
    if (request.getAttribute(AttributeKeys.webSocketUpgrade).orElse(null)
        instanceof UpgradeToWebSocketLowLevel upgrade) {
      return upgrade;
    }
    throw new Refused(
        Answers.error(426, "This is a WebSocket; open it as one, over HTTP/1.1")
            .addHeader(RawHeader.create("Upgrade", "websocket")));
  }

  /** The sub-protocols go before the query. */
  private static Optional<String> token(HttpRequest request, List<String> protocols) {
    int behind = protocols.indexOf(PROTOCOL) + 1;
    return behind > 0 && behind < protocols.size()
        ? Optional.of(protocols.get(behind))
        : request.getUri().query().get("token");
  }

  private static Refused unauthorized(String what) {
    return new Refused(
        Answers.error(
            401,
            what
                + ": ?token= or the sub-protocols parley and the token, of POST /api/ws/token or POST"
                + " /api/webchat/session"));
  }

  private HttpResponse opened(
      UpgradeToWebSocketLowLevel upgrade, Option<String> protocol, Grant grant) {
    ActorRef<SocketMessage> socket =
        sockets
            .open(grant)
            .orElseThrow(
                () ->
                    new Refused(
                        Answers.unavailable(
                            "This node has too many sockets, come again later",
                            Duration.ofSeconds(5))));
    AtomicReference<@Nullable Farewell> farewell = new AtomicReference<>();
    return answer(
        upgrade,
        protocol,
        farewell,
        frames
            .flow()
            .via(Flow.fromGraph(new FrameStage<>(new SocketLine.Owner(socket, farewell)))));
  }

  private HttpResponse closed(
      UpgradeToWebSocketLowLevel upgrade, Option<String> protocol, Farewell farewell) {
    return answer(
        upgrade,
        protocol,
        new AtomicReference<>(farewell),
        Flow.fromSinkAndSource(Sink.ignore(), Source.empty()));
  }

  private HttpResponse answer(
      UpgradeToWebSocketLowLevel upgrade,
      Option<String> protocol,
      AtomicReference<@Nullable Farewell> farewell,
      Flow<Message, Message, NotUsed> handler) {
    Flow<
            org.apache.pekko.http.scaladsl.model.ws.Message,
            org.apache.pekko.http.scaladsl.model.ws.Message,
            NotUsed>
        messages =
            Flow.<org.apache.pekko.http.scaladsl.model.ws.Message>create()
                .map(message -> (Message) message)
                .via(handler)
                .map(Message::asScala);
    return upgrade.handleFrames(
        BidiFlow.fromGraph(new SocketFrames(farewell, settings.pingInterval()))
            .join(stack().join(messages))
            .mapMaterializedValue(nothing -> (Object) nothing),
        protocol);
  }

  /** Pekko HTTP's own way from frames to messages. */
  private BidiFlow<
          FrameEvent,
          org.apache.pekko.http.scaladsl.model.ws.Message,
          org.apache.pekko.http.scaladsl.model.ws.Message,
          FrameEvent,
          NotUsed>
      stack() {
    return WebSocket.stack(
            true,
            webSocketSettings,
            FiniteDuration.fromNanos(CLOSE_TIMEOUT.toNanos()),
            NoLogging.getInstance())
        .asJava();
  }
}
