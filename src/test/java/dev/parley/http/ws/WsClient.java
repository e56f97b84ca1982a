package dev.parley.http.ws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.http.Answer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A WebSocket of a page: frames in their order, pings, and its end. */
public final class WsClient implements WebSocket.Listener {
  static final HttpClient HTTP = HttpClient.newHttpClient();

  /**
   * How a socket ended.
   *
   * @param code -1 when it broke
   */
  public record End(int code, String reason) {}

  private final BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
  private final CompletableFuture<End> end = new CompletableFuture<>();
  private final AtomicInteger pings = new AtomicInteger();
  private final StringBuilder partial = new StringBuilder();
  private final boolean reading;
  private WebSocket socket;

  private WsClient(boolean reading) {
    this.reading = reading;
  }

  public static WsClient open(String origin, String token) throws Exception {
    return open(URI.create(ws(origin) + "?token=" + token), true);
  }

  /** A client that reads nothing until it is asked to. */
  static WsClient openUnread(String origin, String token) throws Exception {
    return open(URI.create(ws(origin) + "?token=" + token), false);
  }

  private static WsClient open(URI uri, boolean reading) throws Exception {
    WsClient client = new WsClient(reading);
    client.socket = HTTP.newWebSocketBuilder().buildAsync(uri, client).get(20, TimeUnit.SECONDS);
    return client;
  }

  static WsClient openWith(String origin, String... protocols) throws Exception {
    WsClient client = new WsClient(true);
    String[] others = Arrays.copyOfRange(protocols, 1, protocols.length);
    client.socket =
        HTTP.newWebSocketBuilder()
            .subprotocols(protocols[0], others)
            .buildAsync(URI.create(ws(origin)), client)
            .get(20, TimeUnit.SECONDS);
    return client;
  }

  /** The status with which a socket is refused; 101 for one that was opened, and closed again. */
  static int refusal(String origin, String query, String... headers) throws Exception {
    WebSocket.Builder builder = HTTP.newWebSocketBuilder();
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    try {
      builder
          .buildAsync(URI.create(ws(origin) + query), new WsClient(true))
          .get(20, TimeUnit.SECONDS)
          .abort();
      return 101;
    } catch (ExecutionException e) {
      return statusOf(e);
    }
  }

  /** The status of a socket that could not be opened. */
  static int statusOf(ExecutionException refused) {
    assertThat(refused.getCause()).isInstanceOf(WebSocketHandshakeException.class);
    return ((WebSocketHandshakeException) refused.getCause()).getResponse().statusCode();
  }

  private static String ws(String origin) {
    return origin.replace("http:", "ws:") + "/ws";
  }

  WebSocket socket() {
    return socket;
  }

  public void send(String text) throws Exception {
    socket.sendText(text, true).get(20, TimeUnit.SECONDS);
  }

  /** The next frame. */
  public JsonNode next() throws Exception {
    JsonNode frame = frames.poll(10, TimeUnit.SECONDS);
    assertThat(frame).as("a frame within 10 s; ended: %s", end.getNow(null)).isNotNull();
    return frame;
  }

  /** The next frame of a type, whatever comes between. */
  public JsonNode next(String type) throws Exception {
    JsonNode frame = next();
    while (!frame.path("type").asText().equals(type)) {
      frame = next();
    }
    return frame;
  }

  /** What a request is answered with, whatever comes between. */
  public JsonNode ask(String request) throws Exception {
    send(request);
    JsonNode ref = Answer.parse(request).path("ref");
    JsonNode frame = next();
    while (!frame.path("ref").equals(ref)) {
      frame = next();
    }
    return frame;
  }

  /** The next frame that is there already; null when there is none. */
  @Nullable JsonNode poll() {
    return frames.poll();
  }

  public boolean hasEnded() {
    return end.isDone();
  }

  int pings() {
    return pings.get();
  }

  public End awaitEnd() throws Exception {
    return end.get(30, TimeUnit.SECONDS);
  }

  /** Lets a client that reads nothing read all there is. */
  void readOn() {
    socket.request(Long.MAX_VALUE);
  }

  @Override
  public void onOpen(WebSocket webSocket) {
    if (reading) {
      webSocket.request(1);
    }
  }

  @Override
  public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
    partial.append(data);
    if (last) {
      frames.add(Answer.parse(partial.toString()));
      partial.setLength(0);
    }
    webSocket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onPing(WebSocket webSocket, ByteBuffer message) {
    pings.incrementAndGet();
    webSocket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
    end.complete(new End(code, reason));
    return null;
  }

  @Override
  public void onError(WebSocket webSocket, Throwable error) {
    end.complete(new End(-1, String.valueOf(error)));
  }
}
