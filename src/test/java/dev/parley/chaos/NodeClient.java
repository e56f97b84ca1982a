package dev.parley.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.chaos.history.Outcome;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.Headers;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Requests to the nodes, each sent once: whether to repeat one is the caller's business. */
final class NodeClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final MediaType APPLICATION_JSON = MediaType.get("application/json");

  /** A node that says nothing for so long is given up for this request. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final List<URI> nodes;
  private final String key;
  private final OkHttpClient http;
  private final OkHttpClient streaming;

  /**
   * What came back.
   *
   * @param status 0 when nothing did
   * @param body or the error, when nothing came back
   */
  record Answer(int status, String body, Headers headers) {
    Outcome outcome() {
      if (status >= 200 && status < 300) {
        return Outcome.OK;
      }
      return status == 0 || status == 429 || status >= 500 ? Outcome.UNKNOWN : Outcome.REFUSED;
    }

    boolean isOk() {
      return outcome() == Outcome.OK;
    }

    JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (IOException e) {
        throw new IllegalStateException("not JSON: " + body, e);
      }
    }

    /** For people; without what was read. */
    String summary() {
      String text = isOk() ? "" : " " + (body.length() > 200 ? body.substring(0, 200) : body);
      return status + text;
    }
  }

  /**
   * @param key the secret key
   * @param silence after how long without a byte an event stream is given up
   */
  NodeClient(List<URI> nodes, String key, Duration silence) {
    this.nodes = List.copyOf(nodes);
    this.key = key;
    this.http =
        new OkHttpClient.Builder()
            .protocols(List.of(Protocol.HTTP_1_1))
            .retryOnConnectionFailure(false)
            .connectionPool(new ConnectionPool(100, 30, TimeUnit.SECONDS))
            .callTimeout(PATIENCE)
            .build();
    this.streaming = http.newBuilder().callTimeout(Duration.ZERO).readTimeout(silence).build();
  }

  /** How many nodes there are. */
  int nodes() {
    return nodes.size();
  }

  Answer get(int node, String path) {
    return get(node, path, Map.of());
  }

  Answer post(int node, String path, String body, Map<String, String> headers) {
    return send(
        http,
        request(node, path, headers).post(RequestBody.create(body, APPLICATION_JSON)).build());
  }

  Answer put(int node, String path) {
    return send(http, request(node, path, Map.of()).put(RequestBody.create("", null)).build());
  }

  /** With headers that take the place of the secret key. */
  Answer get(int node, String path, Map<String, String> headers) {
    return send(http, request(node, path, headers).build());
  }

  /** Opens an event stream; to be closed by the caller. */
  Response open(int node, String path, Map<String, String> headers) throws IOException {
    return streaming.newCall(request(node, path, headers).build()).execute();
  }

  private Request.Builder request(int node, String path, Map<String, String> headers) {
    Request.Builder request =
        new Request.Builder().url(nodes.get(node) + path).header("Authorization", "Bearer " + key);
    headers.forEach(request::header);
    return request;
  }

  private static Answer send(OkHttpClient client, Request request) {
    try (Response response = client.newCall(request).execute()) {
      return new Answer(response.code(), response.body().string(), response.headers());
    } catch (IOException e) {
      return new Answer(0, e.toString(), Headers.of());
    }
  }

  /** The value of a header that must be there. */
  static String header(Answer answer, String name) {
    @Nullable String value = answer.headers().get(name);
    if (value == null) {
      throw new IllegalStateException("no header " + name + " in " + answer);
    }
    return value;
  }

  @Override
  public void close() {
    http.dispatcher().executorService().shutdown();
    http.connectionPool().evictAll();
  }
}
