package dev.parley.http;

import static dev.parley.http.RawHttp2.END_HEADERS;
import static dev.parley.http.RawHttp2.END_STREAM;
import static dev.parley.http.RawHttp2.HEADERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.TestConfig;
import dev.parley.entity.Leaving;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.ControlPlaneErrors;
import dev.parley.http.shared.Exchanges;
import dev.parley.http.shared.IncomingBody;
import dev.parley.http.shared.Outgoing;
import dev.parley.http.shared.RequestMeter;
import dev.parley.http.shared.SecurityHeaders;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.TextMessage;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Clients that send a byte now and then, so that no connection is ever idle (web-runtime.md section
 * 7: request timeout, headers timeout).
 */
class SlowRequestsTest {
  private static final Duration WITHIN = Duration.ofSeconds(2);
  private static final String HEAD = " HTTP/1.1\r\nHost: localhost\r\n";
  private static final String WEB_SOCKET =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

  private static ActorSystem<Void> system;
  private static int port;

  @BeforeAll
  static void start() throws Exception {
    system = ActorSystem.create(Behaviors.empty(), "slow", TestConfig.local(Map.of()));
    Outgoing outgoing =
        new Outgoing(
            Duration.ofSeconds(30), () -> false, new SecurityHeaders(false), RequestMeter.NONE);
    ServerBinding binding =
        new HttpServer(
                system,
                new Exchanges(system, outgoing, new Leaving(), WITHIN)
                    .route(new ControlPlaneErrors(), SlowRequestsTest::handle),
                outgoing,
                WITHIN)
            .bind("127.0.0.1", 0)
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
    port = binding.localAddress().getPort();
  }

  @AfterAll
  static void stop() throws Exception {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static CompletionStage<HttpResponse> handle(HttpRequest request, IncomingBody body) {
    return switch (request.getUri().path()) {
      case "/body" -> body.read(1_000).thenApply(whole -> Answers.empty(204));
      case "/short" -> streamed(Source.from(List.of("one ", "two")));
      case "/endless" -> streamed(Source.tick(Duration.ZERO, Duration.ofMillis(20), "more "));
      case "/sized" ->
          CompletableFuture.completedFuture(
              HttpResponse.create()
                  .withEntity(
                      HttpEntities.create(
                          ContentTypes.TEXT_PLAIN_UTF8,
                          5,
                          Source.single(ByteString.fromString("sized")))));
      case "/socket" ->
          CompletableFuture.completedFuture(
              request
                  .getAttribute(AttributeKeys.webSocketUpgrade)
                  .orElseThrow()
                  .handleMessagesWith(
                      Flow.<Message>create()
                          .map(message -> (Message) TextMessage.create("heard"))));
      default -> CompletableFuture.completedFuture(Answers.empty(204));
    };
  }

  private static CompletionStage<HttpResponse> streamed(Source<String, ?> texts) {
    return CompletableFuture.completedFuture(
        HttpResponse.create()
            .withEntity(
                HttpEntities.createChunked(
                    ContentTypes.TEXT_PLAIN_UTF8, texts.map(ByteString::fromString))));
  }

  @Test
  void headers_that_never_end_cost_the_connection() throws Exception {
    try (Socket connection = connect()) {
      send(connection, "GET /" + HEAD + "X-Slow: ");
      assertThat(drip(connection)).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"/strict, '\r\n\r\n'", "/short, '\r\n0\r\n\r\n'", "/sized, sized"})
  void nor_does_it_help_to_have_asked_before(String before, String end) throws Exception {
    try (Socket connection = asked("GET " + before + HEAD + "\r\n", end)) {
      send(connection, "GET /" + HEAD + "X-Slow: ");
      assertThat(drip(connection)).isEmpty();
    }
  }

  @Test
  void a_body_that_never_ends_is_answered_and_costs_the_connection() throws Exception {
    try (Socket connection = connect()) {
      send(connection, "POST /body" + HEAD + "Content-Length: 900\r\n\r\nx");
      // What is sent once the server has hung up could cost the answer.
      connection.setSoTimeout(10_000);
      assertThat(new String(connection.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .startsWith("HTTP/1.1 400 ");
    }
  }

  @Test
  void streams_and_other_protocols_may_take_longer() throws Exception {
    try (Socket events = asked("GET /endless" + HEAD + "\r\n", "more ");
        Socket socket = asked("GET /socket" + HEAD + WEB_SOCKET + "\r\n", "\r\n\r\n");
        RawHttp2 streams = new RawHttp2(port)) {
      assertThat(answer(streams, 1)).isEqualTo("answered");

      // They are all older than this one, which is ended.
      headers_that_never_end_cost_the_connection();
      readUntil(events, "more ");
      socket.getOutputStream().write(new byte[] {(byte) 0x81, (byte) 0x80, 0, 0, 0, 0});
      readUntil(socket, "heard");
      assertThat(answer(streams, 3)).isEqualTo("answered");
    }
  }

  private static String answer(RawHttp2 connection, int stream) {
    connection.frame(HEADERS, END_HEADERS | END_STREAM, stream, RawHttp2.request("GET", "/strict"));
    return connection.await(stream).how();
  }

  private static Socket connect() throws IOException {
    return new Socket("127.0.0.1", port);
  }

  private static Socket asked(String request, String until) throws IOException {
    Socket connection = connect();
    send(connection, request);
    readUntil(connection, until);
    return connection;
  }

  private static void send(Socket connection, String text) throws IOException {
    connection.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static void readUntil(Socket connection, String end) throws IOException {
    connection.setSoTimeout(10_000);
    StringBuilder read = new StringBuilder();
    while (!read.toString().endsWith(end)) {
      int next = connection.getInputStream().read();
      assertThat(next).as("the connection ended after: %s", read).isNotNegative();
      read.append((char) next);
    }
  }

  /** Sends a byte every 50 ms until the server hangs up; what it said before. */
  private static String drip(Socket connection) throws IOException {
    connection.setSoTimeout(50);
    StringBuilder read = new StringBuilder();
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (System.nanoTime() < deadline) {
      try {
        send(connection, "x");
        int next = connection.getInputStream().read();
        if (next < 0) {
          return read.toString();
        }
        read.append((char) next);
      } catch (SocketTimeoutException e) {
        // Nothing said yet.
      } catch (SocketException e) {
        return read.toString();
      }
    }
    throw new AssertionError("still connected after " + read);
  }
}
