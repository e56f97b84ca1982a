package dev.parley.http.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Engine.IO over long-polling by hand, as the bytes go over the wire. */
final class PollingClient {
  static final String SEPARATOR = "\u001e";
  static final ObjectMapper JSON = new ObjectMapper();
  static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final String origin;
  private final JsonNode open;

  private PollingClient(String origin, JsonNode open) {
    this.origin = origin;
    this.open = open;
  }

  /** Opens an Engine.IO connection. */
  static PollingClient open(String origin) throws Exception {
    HttpResponse<String> answer = get(origin, "?EIO=4&transport=polling");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).startsWith("0{");
    return new PollingClient(origin, JSON.readTree(answer.body().substring(1)));
  }

  /** Opens a connection and a socket, and reads past the greeting. */
  static PollingClient connect(String origin) throws Exception {
    PollingClient client = open(origin);
    assertThat(client.post("40").body()).isEqualTo("ok");
    List<String> packets = client.pollFor(2);
    assertThat(packets.get(0)).startsWith("40{\"sid\":");
    assertThat(packets.get(1)).startsWith("42[\"welcome\"");
    return client;
  }

  static HttpResponse<String> get(String origin, String query) throws Exception {
    return HTTP.send(request(origin, query).build(), HttpResponse.BodyHandlers.ofString());
  }

  static HttpRequest.Builder request(String origin, String query) {
    return HttpRequest.newBuilder(URI.create(origin + "/socket.io/" + query)).timeout(LIMIT);
  }

  JsonNode open() {
    return open;
  }

  String sid() {
    return open.get("sid").asText();
  }

  String query() {
    return "?EIO=4&transport=polling&sid=" + sid();
  }

  HttpResponse<String> poll() throws Exception {
    return get(origin, query());
  }

  CompletableFuture<HttpResponse<String>> pollAsync() {
    return HTTP.sendAsync(request(origin, query()).build(), HttpResponse.BodyHandlers.ofString());
  }

  /** Polls until there are as many packets, which may come in one answer or in several. */
  List<String> pollFor(int count) throws Exception {
    List<String> packets = new java.util.ArrayList<>();
    while (packets.size() < count) {
      HttpResponse<String> answer = poll();
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      packets.addAll(List.of(answer.body().split(SEPARATOR)));
    }
    return packets;
  }

  HttpResponse<String> post(String... packets) throws Exception {
    return postAsync(String.join(SEPARATOR, packets)).get(20, TimeUnit.SECONDS);
  }

  CompletableFuture<HttpResponse<String>> postAsync(String body) {
    return HTTP.sendAsync(
        request(origin, query())
            .header("Content-Type", "text/plain;charset=UTF-8")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
