package dev.parley.http;

import dev.parley.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/** A request to the test server, over either protocol. */
public final class Wire {
  /** HTTP/1.1, or HTTP/2 on cleartext with prior knowledge. */
  public enum Version {
    HTTP_1(client(Protocol.HTTP_1_1)),
    HTTP_2(client(Protocol.H2_PRIOR_KNOWLEDGE));

    private final OkHttpClient client;

    Version(OkHttpClient client) {
      this.client = client;
    }

    private static OkHttpClient client(Protocol protocol) {
      Dispatcher dispatcher = new Dispatcher();
      dispatcher.setMaxRequestsPerHost(200);
      dispatcher.setMaxRequests(200);
      return new OkHttpClient.Builder()
          .protocols(List.of(protocol))
          .dispatcher(dispatcher)
          .connectionPool(new ConnectionPool(60, 20, TimeUnit.SECONDS))
          .retryOnConnectionFailure(false)
          .readTimeout(Duration.ofSeconds(20))
          .build();
    }
  }

  private final String method;
  private final Request.Builder request;
  private byte @Nullable [] body;
  private boolean chunked;
  private @Nullable String contentType = "application/json";
  private Version version = Version.HTTP_1;

  private Wire(String method, String path) {
    this.method = method;
    this.request = new Request.Builder().url(TestServer.origin() + path);
  }

  /**
   * @param path and query, already encoded
   */
  public static Wire request(String method, String path) {
    return new Wire(method, path);
  }

  public static Wire get(String path) {
    return new Wire("GET", path);
  }

  public static Wire post(String path) {
    return new Wire("POST", path);
  }

  public static Wire put(String path) {
    return new Wire("PUT", path);
  }

  public static Wire patch(String path) {
    return new Wire("PATCH", path);
  }

  /** One segment of a path, as {@code encodeURIComponent} writes it. */
  public static String segment(String key) {
    return URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** The bearer: a secret key or a token. */
  public Wire as(String credential) {
    return header("Authorization", "Bearer " + credential);
  }

  /** As the tenant of most tests. */
  public Wire asAcme() {
    return as(TestServer.ACME_KEY);
  }

  public Wire header(String name, String value) {
    request.addHeader(name, value);
    return this;
  }

  public Wire body(byte[] bytes) {
    body = bytes;
    return this;
  }

  public Wire body(String text) {
    return body(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Without a Content-Length. */
  public Wire chunked() {
    chunked = true;
    return this;
  }

  /**
   * @param type null leaves the header out
   */
  public Wire contentType(@Nullable String type) {
    contentType = type;
    return this;
  }

  public Wire over(Version chosen) {
    version = chosen;
    return this;
  }

  /** The whole answer. */
  public Answer send() {
    try (Response response = call().execute()) {
      return Answer.of(response);
    } catch (IOException e) {
      throw new UncheckedIOException(method + " failed", e);
    }
  }

  /** Sends without waiting for the answer. */
  public CompletableFuture<Answer> sendAsync() {
    return CompletableFuture.supplyAsync(this::send, command -> new Thread(command).start());
  }

  /** The answer as far as its headers; the caller reads and closes it. */
  public Response open() {
    try {
      Response response = call().execute();
      Described.check(
          method,
          response.request().url().encodedPath(),
          response.code(),
          response.header("Content-Type"),
          null);
      return response;
    } catch (IOException e) {
      throw new UncheckedIOException(method + " failed", e);
    }
  }

  private Call call() {
    return version.client.newCall(request.method(method, requestBody()).build());
  }

  private @Nullable RequestBody requestBody() {
    if (method.equals("GET") || method.equals("HEAD")) {
      return null;
    }
    byte[] bytes = body == null ? new byte[0] : body;
    return new RequestBody() {
      @Override
      public @Nullable MediaType contentType() {
        return contentType == null ? null : MediaType.get(contentType);
      }

      @Override
      public long contentLength() {
        return chunked ? -1 : bytes.length;
      }

      @Override
      public void writeTo(BufferedSink sink) throws IOException {
        sink.write(bytes);
      }
    };
  }
}
