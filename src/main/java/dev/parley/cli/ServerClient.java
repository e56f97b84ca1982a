package dev.parley.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Requests to a running server. What does not succeed is a {@link CommandFailed}. */
final class ServerClient {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
  private static final Duration READ_LIMIT = Duration.ofSeconds(30);
  private static final int MAX_TEXT = 500;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ServerAddress address;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_LIMIT)
          .build();

  ServerClient(ServerAddress address) {
    this.address = address;
  }

  JsonNode get(String path) {
    return send(request(path).timeout(READ_LIMIT).GET().build());
  }

  /**
   * Asks for a change.
   *
   * @param limit how long it may take
   */
  JsonNode post(String path, Duration limit) {
    return send(request(path).timeout(limit).POST(BodyPublishers.noBody()).build());
  }

  private HttpRequest.Builder request(String path) {
    try {
      return HttpRequest.newBuilder(URI.create(address.origin() + path))
          .header("Authorization", "Bearer " + address.key());
    } catch (IllegalArgumentException e) {
      // Without the exception's text, which holds the key.
      throw new CommandFailed("The secret key can't be sent, it holds characters no header may");
    }
  }

  private JsonNode send(HttpRequest request) {
    try {
      return read(client.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new NotAnswering(
          "Parley at "
              + address
              + " does not answer ("
              + e
              + "). Is it running there? PARLEY_URL says where it is asked.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed("Interrupted while Parley at " + address + " was asked");
    }
  }

  private JsonNode read(HttpResponse<String> response) {
    JsonNode body;
    try {
      body = JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new CommandFailed(
          "What is at "
              + address
              + " answers "
              + response.statusCode()
              + " and no JSON, so it is hardly Parley. PARLEY_URL says where it is asked.");
    }
    if (response.statusCode() == 200) {
      return body;
    }
    String text = body.path("error").asText(response.body());
    String hint =
        response.statusCode() == 401
            ? ". PARLEY_SECRET_KEY, or the file secret-key in PARLEY_DATA_DIR, must hold its key."
            : "";
    throw new CommandFailed(
        "Parley at "
            + address
            + " refuses ("
            + response.statusCode()
            + "): "
            + text.substring(0, Math.min(MAX_TEXT, text.length()))
            + hint);
  }
}
