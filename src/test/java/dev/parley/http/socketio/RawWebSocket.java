package dev.parley.http.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A WebSocket by hand: text messages in their order, and its end. */
final class RawWebSocket implements WebSocket.Listener {
  private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final StringBuilder partial = new StringBuilder();
  private WebSocket socket;

  static RawWebSocket open(String origin, String query) throws Exception {
    RawWebSocket opened = new RawWebSocket();
    opened.socket =
        PollingClient.HTTP
            .newWebSocketBuilder()
            .buildAsync(URI.create(origin.replace("http:", "ws:") + "/socket.io/" + query), opened)
            .get(20, TimeUnit.SECONDS);
    return opened;
  }

  /** Opens a connection with a socket and reads past the greeting. */
  static RawWebSocket connect(String origin) throws Exception {
    RawWebSocket opened = open(origin, "?EIO=4&transport=websocket");
    assertThat(opened.next()).startsWith("0{");
    opened.send("40");
    assertThat(opened.next()).startsWith("40{\"sid\":");
    assertThat(opened.next()).startsWith("42[\"welcome\"");
    return opened;
  }

  void send(String text) throws Exception {
    socket.sendText(text, true).get(20, TimeUnit.SECONDS);
  }

  WebSocket socket() {
    return socket;
  }

  String next() throws Exception {
    String message = messages.poll(20, TimeUnit.SECONDS);
    assertThat(message).as("a message within 20 s; closed: %s", closed).isNotNull();
    return message;
  }

  /** The code it was closed with, or -1 when it broke. */
  int awaitClose() throws Exception {
    return closed.get(20, TimeUnit.SECONDS);
  }

  @Override
  public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
    partial.append(data);
    if (last) {
      messages.add(partial.toString());
      partial.setLength(0);
    }
    webSocket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
    closed.complete(code);
    return null;
  }

  @Override
  public void onError(WebSocket webSocket, Throwable error) {
    closed.complete(-1);
  }
}
