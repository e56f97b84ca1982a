package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.http.Described;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;

/** A client that knows nothing but HTTP, to look at the server from outside. */
final class TestClient {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI baseUrl;
  private final String key;

  /** A record as {@code GET …/records} shows it (trigger.md 4.5). */
  record Item(long seq, String id, String data) {}

  TestClient(ParleyProcess server, String key) {
    this.baseUrl = server.baseUrl();
    this.key = key;
  }

  HttpResponse<String> send(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(baseUrl + path))
            .timeout(Duration.ofSeconds(10))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return Described.checked(http.send(request.build(), HttpResponse.BodyHandlers.ofString()));
  }

  /** Creates a session and returns its friendly id. */
  String create(String externalId) throws IOException, InterruptedException {
    HttpResponse<String> created =
        send(
            "POST",
            "/api/v1/sessions",
            """
            {"type":"test","taskIdentifier":"t","externalId":"%s","triggerConfig":{"basePayload":{}}}"""
                .formatted(externalId));
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    return JSON.readTree(created.body()).get("id").asText();
  }

  /** Appends under a part id. */
  HttpResponse<String> append(String session, String io, String partId, String data)
      throws IOException, InterruptedException {
    return send("POST", channel(session, io) + "/append", data, "X-Part-Id", partId);
  }

  JsonNode session(String key) throws IOException, InterruptedException {
    return ok("/api/v1/sessions/" + encode(key));
  }

  /** All records of a channel. */
  List<Item> records(String session, String io) throws IOException, InterruptedException {
    return StreamSupport.stream(
            ok(channel(session, io) + "/records").get("records").spliterator(), false)
        .map(
            record ->
                new Item(
                    record.get("seqNum").asLong(),
                    record.get("id").asText(),
                    record.get("data").asText()))
        .toList();
  }

  private JsonNode ok(String path) throws IOException, InterruptedException {
    HttpResponse<String> response = send("GET", path, "");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  private static String channel(String session, String io) {
    return "/realtime/v1/sessions/" + encode(session) + "/" + io;
  }

  private static String encode(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
