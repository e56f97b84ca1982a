package dev.parley.ops.logs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.TestConfig;
import dev.parley.entity.Leaving;
import dev.parley.http.HttpServer;
import dev.parley.http.shared.ControlPlaneErrors;
import dev.parley.http.shared.Exchanges;
import dev.parley.http.shared.Outgoing;
import dev.parley.http.shared.RequestMeter;
import dev.parley.http.shared.SecurityHeaders;
import dev.parley.tracing.Tracing;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.server.Route;
import org.junit.jupiter.api.Test;

/** What nobody foresaw is logged with all that finds it again. */
class FailedRequestLogTest {
  private static final Duration WITHIN = Duration.ofSeconds(30);
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  private static ActorSystem<Void> system() {
    Tracing tracing =
        Tracing.by(
            OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder().build())
                .build());
    return ActorSystem.create(
        Behaviors.empty(),
        "failing",
        ActorSystemSetup.create(BootstrapSetup.create(TestConfig.local(Map.of())), tracing));
  }

  private static HttpResponse<String> ask(int port, String path, String body) throws Exception {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .build()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer a-secret-key")
                .header("traceparent", "00-" + TRACE + "-b7ad6b7169203331-01")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void a_failure_is_found_by_request_session_and_trace() throws Exception {
    ActorSystem<Void> system = system();
    try (RecordedLog log = new RecordedLog()) {
      Outgoing outgoing =
          new Outgoing(WITHIN, () -> false, new SecurityHeaders(false), RequestMeter.NONE);
      Route failing =
          new Exchanges(system, outgoing, new Leaving(), WITHIN)
              .route(
                  new ControlPlaneErrors(),
                  (request, body) -> {
                    throw new IllegalStateException("a fault of ours");
                  });
      ServerBinding binding =
          new HttpServer(system, failing, outgoing, WITHIN)
              .bind("127.0.0.1", 0)
              .toCompletableFuture()
              .get(10, TimeUnit.SECONDS);
      HttpResponse<String> answer =
          ask(
              binding.localAddress().getPort(),
              "/api/v1/sessions/chat-1/close?token=a-secret-token",
              "a private text");
      assertThat(answer.statusCode()).isEqualTo(500);
      String request = answer.headers().firstValue("X-Request-Id").orElseThrow();

      assertThat(log.text())
          .contains(
              "POST /api/v1/sessions/{session}/close failed request=\"%s\" session=\"chat-1\" trace=\"%s\"\n"
                  .formatted(request, TRACE))
          .contains("java.lang.IllegalStateException: a fault of ours\n\tat dev.parley.");
      JsonNode line =
          new ObjectMapper()
              .readTree(
                  log.json()
                      .lines()
                      .filter(one -> one.contains("ERROR"))
                      .findFirst()
                      .orElseThrow());
      assertThat(line.path("request").textValue()).isEqualTo(request);
      assertThat(line.path("session").textValue()).isEqualTo("chat-1");
      assertThat(line.path("trace").textValue()).isEqualTo(TRACE);
      assertThat(line.path("error").textValue()).contains("a fault of ours");
      assertThat(log.text() + log.json()).doesNotContain("a-secret", "private text");
    } finally {
      system.terminate();
    }
  }
}
