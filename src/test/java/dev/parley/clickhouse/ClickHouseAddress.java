package dev.parley.clickhouse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Where a ClickHouse is and who may use it.
 *
 * @param http of its HTTP interface, as {@code http://127.0.0.1:8123/}
 */
record ClickHouseAddress(URI http, String user, String password) {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Reads {@code http://user:password@host:port}, whatever follows. */
  static ClickHouseAddress parse(String url) {
    URI uri = URI.create(url);
    String[] pair = (uri.getRawUserInfo() == null ? "default" : uri.getRawUserInfo()).split(":", 2);
    String host = uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    return new ClickHouseAddress(
        URI.create(uri.getScheme() + "://" + host + "/"),
        URLDecoder.decode(pair[0], StandardCharsets.UTF_8),
        pair.length < 2 ? "" : URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
  }

  /** The address with user, password and database in it. */
  String url(String database) {
    return "%s://%s:%s@%s/%s"
        .formatted(
            http.getScheme(), encoded(user), encoded(password), http.getAuthority(), database);
  }

  /**
   * Runs a statement, in the body, with further URL parameters.
   *
   * @throws ClickHouseError when it is refused
   */
  String post(byte[] statement, Map<String, String> urlParameters) {
    String query =
        urlParameters.entrySet().stream()
            .map(parameter -> encoded(parameter.getKey()) + "=" + encoded(parameter.getValue()))
            .collect(Collectors.joining("&", "?", ""));
    HttpRequest request =
        HttpRequest.newBuilder(http.resolve(query))
            .timeout(LIMIT)
            .header("X-ClickHouse-User", user)
            .header("X-ClickHouse-Key", password)
            .POST(HttpRequest.BodyPublishers.ofByteArray(statement))
            .build();
    try {
      HttpResponse<String> response =
          CLIENT.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      if (response.statusCode() != 200) {
        throw new ClickHouseError(
            response
                .headers()
                .firstValue("X-ClickHouse-Exception-Code")
                .map(Integer::valueOf)
                .orElse(0),
            response.statusCode(),
            response.body());
      }
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while ClickHouse worked", e);
    }
  }

  /** Runs a query; each row is a JSON array. */
  List<JsonNode> rows(String sql, Map<String, String> urlParameters) {
    Map<String, String> all = new LinkedHashMap<>(urlParameters);
    all.put("default_format", "JSONCompact");
    String body = post(sql.getBytes(StandardCharsets.UTF_8), all);
    try {
      List<JsonNode> rows = new ArrayList<>();
      JsonNode answer = JSON.readTree(body);
      answer.path("data").forEach(rows::add);
      return rows;
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
