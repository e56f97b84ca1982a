package dev.parley.projection.clickhouse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * The HTTP interface of ClickHouse, as far as it is needed: statements with parameters, rows in and
 * out as JSON. Tries nothing again: whoever writes knows when to, and whoever reads has no time.
 */
public final class ClickHouse {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
  private static final int MAX_MESSAGE = 300;
  private static final ObjectReader JSON = new ObjectMapper().reader();

  private final ClickHouseAddress address;
  private final HttpClient client;
  private final String authorization;

  public ClickHouse(ClickHouseAddress address) {
    this.address = address;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_LIMIT)
            .build();
    String login = address.user() + ":" + address.password();
    this.authorization =
        "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
  }

  /** Asks for a sign of life. Fails with {@link ClickHouseException} when there is none in time. */
  public CompletionStage<Void> ping(Duration limit) {
    // Sent to the database that always exists: ours may be to come.
    byte[] body = "select 1".getBytes(StandardCharsets.UTF_8);
    return send("default", "", body, limit).thenApply(answer -> null);
  }

  /** Its version, such as 25.8.1.1. Fails as {@link #ping}. */
  public CompletionStage<String> version(Duration limit) {
    byte[] body = "select version()".getBytes(StandardCharsets.UTF_8);
    return send("default", "", body, limit).thenApply(String::strip);
  }

  ClickHouseAddress address() {
    return address;
  }

  /** Creates the database if it does not exist. Fails with {@link ClickHouseException}. */
  CompletionStage<Void> createDatabase(Duration limit) {
    String sql = "create database if not exists {name:Identifier}";
    Parameters parameters = new Parameters().text("name", address.database());
    // Sent to the one that always exists.
    return send("default", parameters.encode(), sql.getBytes(StandardCharsets.UTF_8), limit)
        .thenApply(answer -> null);
  }

  /** Runs a statement that gives no rows. Fails with {@link ClickHouseException}. */
  CompletionStage<Void> execute(String sql, Parameters parameters, Duration limit) {
    byte[] body = sql.getBytes(StandardCharsets.UTF_8);
    return send(address.database(), parameters.encode(), body, limit).thenApply(answer -> null);
  }

  /** Inserts rows, each a JSON object on a line of its own. Fails as {@link #execute}. */
  CompletionStage<Void> insert(String table, byte[] rows, Duration limit) {
    String sql = "insert into " + table + " format JSONEachRow";
    String query = "&query=" + URLEncoder.encode(sql, StandardCharsets.UTF_8);
    // Columns that this version does not write keep their defaults, those it has too many are new.
    return send(address.database(), query + "&input_format_skip_unknown_fields=1", rows, limit)
        .thenApply(answer -> null);
  }

  /** The rows that a statement gives. Fails as {@link #execute}. */
  CompletionStage<List<JsonNode>> select(String sql, Parameters parameters, Duration limit) {
    String settings =
        "&default_format=JSONEachRow&output_format_json_quote_64bit_integers=0&max_execution_time="
            + Math.max(1, limit.toSeconds());
    byte[] body = sql.getBytes(StandardCharsets.UTF_8);
    return send(address.database(), settings + parameters.encode(), body, limit)
        .thenApply(ClickHouse::rows);
  }

  private CompletionStage<String> send(String database, String query, byte[] body, Duration limit) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address.origin() + "/?database=" + database + query))
            .header("Authorization", authorization)
            .timeout(limit)
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    return client
        .sendAsync(request, BodyHandlers.ofString(StandardCharsets.UTF_8))
        .handle(
            (response, failure) -> {
              if (failure != null) {
                Throwable cause = failure.getCause() == null ? failure : failure.getCause();
                throw new ClickHouseException(
                    "ClickHouse at " + address + " does not answer: " + cause, cause);
              }
              return text(response);
            });
  }

  private static String text(HttpResponse<String> response) {
    int code =
        response
            .headers()
            .firstValue("X-ClickHouse-Exception-Code")
            .map(Integer::parseInt)
            .orElse(ClickHouseException.NO_ANSWER);
    if (response.statusCode() == 200 && code == ClickHouseException.NO_ANSWER) {
      return response.body();
    }
    String message = response.body().strip();
    throw new ClickHouseException(
        code,
        "ClickHouse answers %d: %s"
            .formatted(
                response.statusCode(),
                message.substring(0, Math.min(MAX_MESSAGE, message.length()))));
  }

  private static List<JsonNode> rows(String lines) {
    return lines
        .lines()
        .map(
            line -> {
              try {
                return JSON.readTree(line);
              } catch (JsonProcessingException e) {
                // An error in the middle of an answer comes as text behind its rows.
                throw new CompletionException(
                    new ClickHouseException("ClickHouse gave up in the middle of an answer", e));
              }
            })
        .toList();
  }
}
