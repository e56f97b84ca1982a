package dev.parley.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

class ExportTest {
  @Test
  void a_variable_that_can_not_be_used_is_told() {
    System.setProperty("otel.traces.sampler", "magic");
    try {
      assertThatThrownBy(() -> Export.to("http://127.0.0.1:1", "1"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("magic");
    } finally {
      System.clearProperty("otel.traces.sampler");
    }
  }

  @Test
  void spans_are_sent_to_the_collector_at_the_latest_at_the_end() throws Exception {
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
    try {
      String endpoint = "http://127.0.0.1:" + collector.getAddress().getPort();
      try (Export export = Export.to(endpoint, "1.2.3")) {
        assertThat(export.tracing().isOn()).isTrue();
        export.tracing().tracer().spanBuilder("a-span").startSpan().end();
      }
      assertThat(bodies)
          .singleElement()
          .asString()
          .contains("a-span", "service.name", "parley", "service.version", "1.2.3");
    } finally {
      collector.stop(0);
    }
  }
}
