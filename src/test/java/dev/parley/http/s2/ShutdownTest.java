package dev.parley.http.s2;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.Eventually;
import dev.parley.OwnServer;
import dev.parley.http.s2.S2Messages.Input;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What those notice who are connected to a server that shuts down. */
class ShutdownTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private OwnServer server;
  private int port;

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    server =
        OwnServer.start(
            directory,
            Map.of("parley.shutdown.delay", "1s", "parley.shutdown.requests-within", "5s"));
    port = URI.create(server.origin()).getPort();
    assertThat(
            send(
                    "POST",
                    "/api/v1/sessions",
                    """
                    {"type":"t","taskIdentifier":"t","externalId":"x","triggerConfig":{"basePayload":{}}}""")
                .statusCode())
        .isEqualTo(201);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpResponse<String> send(String method, String path, String body)
      throws IOException, InterruptedException {
    return http.send(request(method, path, body), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest request(String method, String path, String body) {
    return HttpRequest.newBuilder(URI.create(server.origin() + path))
        .version(HttpClient.Version.HTTP_1_1)
        .header("Authorization", "Bearer " + OwnServer.KEY)
        .header("Content-Type", "application/json")
        .method(method, HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private boolean isReady() {
    try {
      return send("GET", "/health/ready", "").statusCode() == 200;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private S2Stream out() throws IOException, InterruptedException {
    HttpResponse<String> answer = send("PUT", "/realtime/v1/sessions/x/out", "");
    String endpoint = answer.headers().firstValue("X-S2-Endpoint").orElseThrow();
    return new S2Stream(
        endpoint.substring(server.origin().length())
            + "/streams/"
            + answer.headers().firstValue("X-S2-Stream-Name").orElseThrow().replace("/", "%2F")
            + "/records",
        answer.headers().firstValue("X-S2-Basin").orElseThrow(),
        answer.headers().firstValue("X-S2-Access-Token").orElseThrow());
  }

  @Test
  void readers_are_told_to_come_again_and_never_see_a_proper_end() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", port);
        H2Connection connection = new H2Connection(port)) {
      BufferedReader events = follow(socket, "/realtime/v1/sessions/x/in");
      S2Session frames = S2Session.read(connection, out(), "?seq_num=0");
      assertThat(frames.batch().records()).isEmpty();

      CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);

      String text =
          events.lines().takeWhile(line -> !line.equals("0")).collect(Collectors.joining("\n"));
      assertThat(text).contains("event: error\ndata: ").doesNotContain("[DONE]");
      S2Frame last = frames.next();
      while (!last.isTerminal()) {
        last = frames.next();
      }
      assertThat(last.status()).isEqualTo(503);
      connection.awaitGoAway();
      closing.get();
    }
  }

  @Test
  void who_waits_for_a_waitpoint_is_told_to_come_again() throws Exception {
    String token = "/api/v1/waitpoints/tokens";
    String id = JSON.readTree(send("POST", token, "{}").body()).get("id").textValue();
    try (Socket socket = new Socket("127.0.0.1", port)) {
      BufferedReader events = follow(socket, token + "/" + id);
      CompletableFuture<HttpResponse<String>> poll =
          http.sendAsync(
              request("GET", token + "/" + id + "?wait=60", ""),
              HttpResponse.BodyHandlers.ofString());

      CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);

      assertThat(events.lines().takeWhile(line -> !line.equals("0")))
          .anySatisfy(line -> assertThat(line).isEqualTo("event: error"));
      HttpResponse<String> answer = poll.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(JSON.readTree(answer.body()).get("status").textValue()).isEqualTo("WAITING");
      closing.get();
    }
  }

  /** Follows a stream over HTTP/1.1, and has seen its first event. */
  private static BufferedReader follow(Socket socket, String path) throws IOException {
    socket
        .getOutputStream()
        .write(
            ("GET "
                    + path
                    + " HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n"
                    + "Authorization: Bearer "
                    + OwnServer.KEY
                    + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    String line = reader.readLine();
    while (!line.startsWith("data: ")) {
      line = reader.readLine();
    }
    return reader;
  }

  @Test
  void a_writer_has_its_acknowledgements_before_it_is_sent_away() throws Exception {
    try (H2Connection connection = new H2Connection(port)) {
      S2Session session = S2Session.append(connection, out());
      session.send(Input.of("first"));
      assertThat(session.ack().end().seq()).isEqualTo(1);

      CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);

      S2Frame last = session.next();
      assertThat(last.isTerminal()).isTrue();
      assertThat(last.status()).isEqualTo(503);
      assertThat(last.error().get("code").asText()).isEqualTo("server_draining");
      closing.get();
    }
  }

  @Test
  void it_serves_on_for_a_while_after_it_has_said_that_it_is_not_ready() throws Exception {
    assertThat(send("GET", "/health/ready", "").statusCode()).isEqualTo(200);

    CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);

    assertThat(Eventually.within(LIMIT, () -> !isReady())).isTrue();
    assertThat(send("GET", "/health/live", "").statusCode()).isEqualTo(200);
    assertThat(send("POST", "/realtime/v1/sessions/x/in/append", "late").statusCode())
        .isEqualTo(200);
    closing.get();
  }
}
