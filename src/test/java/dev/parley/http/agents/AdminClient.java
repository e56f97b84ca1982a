package dev.parley.http.agents;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.OwnServer;
import dev.parley.http.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import okhttp3.Headers;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Requests to a server of its own with a secret key. */
final class AdminClient {
  static final String AGENTS = "/api/admin/agents/";

  private static final OkHttpClient HTTP =
      new OkHttpClient.Builder().readTimeout(Duration.ofSeconds(70)).build();

  private final String origin;

  AdminClient(OwnServer server) {
    this.origin = server.origin();
  }

  Answer send(String method, String path, String body) {
    return send(method, path, body, OwnServer.KEY);
  }

  Answer send(String method, String path, String body, String key) {
    return send(method, path, body, Headers.of("Authorization", "Bearer " + key));
  }

  Answer send(String method, String path, String body, Headers headers) {
    Request request =
        new Request.Builder()
            .url(origin + path)
            .headers(headers)
            .method(
                method,
                method.equals("GET") || method.equals("HEAD")
                    ? null
                    : RequestBody.create(body, MediaType.get("application/json")))
            .build();
    try (Response response = HTTP.newCall(request).execute()) {
      return Answer.of(response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What comes back with this status, else the test fails. */
  JsonNode expect(int status, String method, String path, String body) {
    Answer answer = send(method, path, body);
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    return answer.body().isEmpty() ? Answer.parse("null") : answer.json();
  }

  JsonNode get(String path) {
    return expect(200, "GET", path, "");
  }

  /** Forgets the connections, before a server is stopped. */
  static void disconnect() {
    HTTP.connectionPool().evictAll();
  }
}
