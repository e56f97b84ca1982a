package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** web-runtime.md section 3: what orchestrators ask, on a port of its own. */
class ManagementPortTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path directory;

  /** 0 when nobody answers. */
  private static int status(int port, String path) {
    try {
      return HTTP.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                  .timeout(LIMIT)
                  .build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_node_is_alive_and_ready_until_it_leaves() throws Exception {
    int port = FreePort.on("127.0.0.1");
    OwnServer server =
        OwnServer.start(
            directory, Map.of("parley.management.port", port, "parley.shutdown.delay", "4s"));
    int http = URI.create(server.origin()).getPort();
    assertThat(status(port, "/startup")).isEqualTo(200);
    assertThat(status(port, "/alive")).isEqualTo(200);
    assertThat(status(port, "/ready")).isEqualTo(200);
    assertThat(status(http, "/health/ready")).isEqualTo(200);
    // Nothing else is there, above all nothing that changes the cluster.
    assertThat(status(port, "/cluster/members")).isEqualTo(404);
    assertThat(status(http, "/ready")).isEqualTo(404);

    CompletableFuture<Void> end = CompletableFuture.runAsync(server::close);
    assertThat(Eventually.within(LIMIT, () -> status(port, "/ready") == 500)).isTrue();
    assertThat(status(port, "/alive")).isEqualTo(200);
    assertThat(status(http, "/health/ready")).isEqualTo(503);
    end.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertThat(status(port, "/alive")).isZero();
  }

  @Test
  void a_port_that_is_taken_is_named() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(
              () ->
                  OwnServer.start(
                      directory, Map.of("parley.management.port", other.getLocalPort())))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("PARLEY_MANAGEMENT_PORT")
          .hasMessageContaining("can't listen on 127.0.0.1:" + other.getLocalPort());
    }
  }
}
