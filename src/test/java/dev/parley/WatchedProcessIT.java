package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged server with its log read by a machine and its traces taken by a collector. */
class WatchedProcessIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  @Test
  void each_line_of_a_json_log_is_an_object_from_start_to_stop() throws Exception {
    String log;
    try (ParleyProcess server = ParleyProcess.start(directory, Map.of("PARLEY_LOG", "json"))) {
      server.terminate();
      log = server.stderr();
    }
    List<String> lines = log.lines().toList();
    assertThat(lines).hasSizeGreaterThan(1);
    for (String line : lines) {
      JsonNode object = JSON.readTree(line);
      assertThat(object.isObject()).as(line).isTrue();
      assertThat(object.path("message").isTextual()).as(line).isTrue();
    }
    // Nobody configured a key, so one was made; it is in its file and nowhere else.
    assertThat(log).contains("PostgreSQL").doesNotContain("tr_dev_sk_");
  }

  @Test
  void traces_reach_the_collector_that_the_environment_names() throws Exception {
    Queue<String> bodies = new ConcurrentLinkedQueue<>();
    HttpServer collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/v1/traces",
        exchange -> {
          bodies.add(
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
    String endpoint = "http://127.0.0.1:" + collector.getAddress().getPort();
    try (ParleyProcess server =
        ParleyProcess.start(
            directory,
            Map.of(
                "PARLEY_SECRET_KEY",
                ParleyProcess.SECRET_KEY,
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                endpoint))) {
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .build()
          .send(
              HttpRequest.newBuilder(server.baseUrl().resolve("/health/live")).build(),
              BodyHandlers.ofString());
      server.terminate();
    } finally {
      collector.stop(0);
    }
    assertThat(String.join("", bodies)).contains("GET /health/live", "service.name");
  }
}
