package dev.parley.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Exports and imports as the server offers them: bodies of any length, for as long as they take.
 */
final class Transfer {
  private static final String EXPORT = "/api/v1/export";
  private static final String IMPORT = "/api/v1/import";
  private static final int OK = 200;
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

  private final ServerAddress address;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_LIMIT)
          .build();

  Transfer(ServerAddress address) {
    this.address = address;
  }

  /**
   * The lines of an export, as they come.
   *
   * @param query without a question mark; may be empty
   */
  InputStream export(String query) {
    String path = EXPORT + (query.isEmpty() ? "" : "?" + query);
    return attempt(
        () -> {
          HttpResponse<InputStream> response =
              http.send(request(path).GET().build(), BodyHandlers.ofInputStream());
          if (response.statusCode() == OK) {
            return response.body();
          }
          throw refused(
              response.statusCode(),
              new String(response.body().readAllBytes(), StandardCharsets.UTF_8));
        });
  }

  /** What has come of the lines. */
  JsonNode load(InputStream lines) {
    return attempt(
        () -> {
          HttpResponse<String> response =
              http.send(
                  request(IMPORT)
                      .header("Content-Type", "application/x-ndjson")
                      .POST(BodyPublishers.ofInputStream(() -> lines))
                      .build(),
                  BodyHandlers.ofString(StandardCharsets.UTF_8));
          if (response.statusCode() == OK) {
            return new ObjectMapper().readTree(response.body());
          }
          throw refused(response.statusCode(), response.body());
        });
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

  private CommandFailed refused(int status, String body) {
    String text;
    try {
      JsonNode document = new ObjectMapper().readTree(body);
      JsonNode details = document.path("details").findPath("message");
      text = document.path("error").asText(body) + (details.isTextual() ? ": " : "");
      text += details.asText("");
    } catch (JsonProcessingException e) {
      text = "no answer of Parley";
    }
    String hint =
        status == 401
            ? ". PARLEY_SECRET_KEY, or the file secret-key in PARLEY_DATA_DIR, must hold its key."
            : "";
    return new CommandFailed("Parley at " + address + " refuses (" + status + "): " + text + hint);
  }

  private interface Exchange<T> {
    T run() throws IOException, InterruptedException;
  }

  private <T> T attempt(Exchange<T> exchange) {
    try {
      return exchange.run();
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
}
