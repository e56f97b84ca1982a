package dev.parley.http.messaging.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;

/** A client of the sockets over a WebSocket: what it emits, and the events it gets, in order. */
final class SocketClient extends WebSocketListener implements AutoCloseable {
  /** An event, or {@code connect_error}. */
  record Event(String name, JsonNode payload) {}

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final OkHttpClient HTTP = new OkHttpClient();
  private static final int LIMIT_SECONDS = 20;

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final String auth;
  private final WebSocket socket;

  private SocketClient(Request request, String auth) {
    this.auth = auth;
    this.socket = HTTP.newWebSocket(request, this);
  }

  /**
   * Asks for a socket.
   *
   * @param auth a JSON object
   * @param query more parameters, each with an ampersand before it
   * @param headers names and values
   */
  static SocketClient open(String origin, String auth, String query, String... headers) {
    String url = origin.replace("http:", "ws:") + "/socket.io/?EIO=4&transport=websocket" + query;
    return new SocketClient(
        new Request.Builder().url(url).headers(okhttp3.Headers.of(headers)).build(), auth);
  }

  /** A connected socket, behind its greeting. */
  static SocketClient connect(String origin, String auth) {
    SocketClient client = open(origin, auth, "");
    assertThat(client.next().name()).isEqualTo("authenticated");
    assertThat(client.next().name()).isEqualTo("connection_established");
    return client;
  }

  void emit(String name, String payload) {
    socket.send("42[\"%s\",%s]".formatted(name, payload));
  }

  /** Emits and expects the two answers to a join. */
  JsonNode join(String name, String payload) {
    emit(name, payload);
    JsonNode joined = next("channel_joined");
    assertThat(next("room_joined")).isEqualTo(joined);
    return joined;
  }

  JsonNode joinSession(String sessionId) {
    return join("join", "{\"roomId\":\"%s\",\"type\":\"session\"}".formatted(sessionId));
  }

  JsonNode joinChannel(String channelId) {
    return join("1", "{\"channelId\":\"%s\"}".formatted(channelId));
  }

  /** Expects a refusal, and nothing before it. */
  String refused(String name, String payload) {
    emit(name, payload);
    return next("messageError").get("error").textValue();
  }

  /** Expects that nothing has come that was not taken yet. */
  void hasNothing() {
    assertThat(refused("1", "{}")).isEqualTo("channelId is required for joining.");
  }

  Event next() {
    try {
      Event event = events.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
      assertThat(event).as("an event within %d s", LIMIT_SECONDS).isNotNull();
      return event;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Expects this event next. */
  JsonNode next(String name) {
    Event event = next();
    assertThat(event.name()).as(event.toString()).isEqualTo(name);
    return event.payload();
  }

  /** The next event of that name, with those before it left out. */
  JsonNode await(String name) {
    Event event = next();
    while (!event.name().equals(name)) {
      event = next();
    }
    return event.payload();
  }

  @Override
  public void onMessage(WebSocket webSocket, String text) {
    try {
      switch (text.substring(0, Math.min(2, text.length()))) {
        case "2" -> webSocket.send("3");
        case "42" -> {
          JsonNode event = JSON.readTree(text.substring(2));
          events.add(new Event(event.get(0).textValue(), event.path(1)));
        }
        case "44" -> events.add(new Event("connect_error", JSON.readTree(text.substring(2))));
        default -> {
          if (text.startsWith("0")) {
            webSocket.send("40" + auth);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void onFailure(WebSocket webSocket, Throwable failure, Response response) {
    events.add(new Event("failed: " + failure, JSON.nullNode()));
  }

  @Override
  public void close() {
    socket.cancel();
  }
}
