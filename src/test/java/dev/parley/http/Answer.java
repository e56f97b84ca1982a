package dev.parley.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import okhttp3.Headers;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * What came back.
 *
 * @param body empty when there was none
 */
public record Answer(int status, Headers headers, String body) {
  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder().maxNestingDepth(100_000).build())
              .build());

  /**
   * The whole answer of one of our servers.
   *
   * @throws AssertionError when it is not as {@code /openapi.json} says
   */
  public static Answer of(Response response) throws IOException {
    Answer answer = new Answer(response.code(), response.headers(), response.body().string());
    Described.check(
        response.request().method(),
        response.request().url().encodedPath(),
        answer.status(),
        answer.header("Content-Type"),
        answer.body());
    return answer;
  }

  /** The first value of the header; null when it is not there. */
  public @Nullable String header(String name) {
    return headers.get(name);
  }

  public JsonNode json() {
    return parse(body);
  }

  /** The text of {@code error}. */
  public String error() {
    return json().path("error").asText();
  }

  public static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException("not JSON: " + text, e);
    }
  }
}
