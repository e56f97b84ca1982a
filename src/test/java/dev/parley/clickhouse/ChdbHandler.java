package dev.parley.clickhouse;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * Answers ClickHouse's HTTP interface from the engine: {@code /ping} and statements at {@code /}.
 */
final class ChdbHandler implements HttpHandler {
  private final ChdbEngine engine;
  private final String user;
  private final String password;
  private final String timeZone;

  /** Answers those who give this user and password. */
  ChdbHandler(ChdbEngine engine, String user, String password) {
    this.engine = engine;
    this.user = user;
    this.password = password;
    try (ChdbSession session = engine.session()) {
      byte[] query = "SELECT timezone()".getBytes(StandardCharsets.UTF_8);
      ChdbResult zone = session.run(new ClickHouseStatement(query, null, null), "TSVRaw", Map.of());
      this.timeZone = new String(zone.body(), StandardCharsets.UTF_8).strip();
    }
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath();
      boolean query = exchange.getRequestURI().getRawQuery() != null;
      boolean get = exchange.getRequestMethod().equals("GET");
      if (get && (path.equals("/ping") || path.equals("/") && !query)) {
        send(exchange, 200, "Ok.\n");
      } else if (!path.equals("/")) {
        send(exchange, 404, "There is no handle " + path + "\n");
      } else if (!get && !exchange.getRequestMethod().equals("POST")) {
        send(exchange, 501, "Only GET and POST are supported\n");
      } else {
        answer(exchange, body);
      }
    }
  }

  private void answer(HttpExchange exchange, byte[] body) throws IOException {
    try {
      ClickHouseRequest request =
          ClickHouseRequest.read(
              exchange.getRequestMethod(),
              exchange.getRequestURI(),
              exchange.getRequestHeaders(),
              body);
      authenticate(request);
      ClickHouseStatement statement = ClickHouseStatement.parse(request.statement());
      ChdbResult result = run(request, statement);
      Headers headers = exchange.getResponseHeaders();
      String format =
          statement.format() == null || statement.insertsData()
              ? request.format()
              : statement.format();
      headers.set("Content-Type", contentType(format));
      headers.set("X-ClickHouse-Format", format);
      headers.set("X-ClickHouse-Summary", result.summary());
      headers.set("X-ClickHouse-Timezone", timeZone);
      headers.set(
          "X-ClickHouse-Query-Id",
          Objects.requireNonNullElseGet(request.queryId(), () -> UUID.randomUUID().toString()));
      send(exchange, 200, result.body());
    } catch (ClickHouseError e) {
      exchange.getResponseHeaders().set("X-ClickHouse-Exception-Code", Integer.toString(e.code()));
      send(exchange, e.status(), e.getMessage() + "\n");
    } catch (RuntimeException e) {
      e.printStackTrace();
      send(exchange, 500, e + "\n");
    }
  }

  private ChdbResult run(ClickHouseRequest request, ClickHouseStatement statement) {
    try (ChdbSession session = engine.session()) {
      if (request.database() != null) {
        session.use(request.database());
      }
      session.set(request.settings());
      return session.run(statement, request.format(), request.parameters());
    }
  }

  private void authenticate(ClickHouseRequest request) {
    if (!same(request.user(), user) | !same(request.password(), password)) {
      throw ClickHouseError.of(
          516,
          "AUTHENTICATION_FAILED",
          request.user()
              + ": Authentication failed: password is incorrect, or there is no user with such"
              + " name.");
    }
  }

  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  private static String contentType(String format) {
    if (format.equals("JSONEachRow")) {
      return "application/x-ndjson; charset=UTF-8";
    }
    if (format.startsWith("JSON")) {
      return "application/json; charset=UTF-8";
    }
    return format.startsWith("TabSeparated") || format.startsWith("TSV")
        ? "text/tab-separated-values; charset=UTF-8"
        : "application/octet-stream";
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=UTF-8");
    send(exchange, status, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("X-ClickHouse-Server-Display-Name", "parley-test");
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }
}
