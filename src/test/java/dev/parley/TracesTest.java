package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.tracing.Tracing;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One append, followed from the request to the commit and to who reads it. */
class TracesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final InMemorySpanExporter SPANS = InMemorySpanExporter.create();

  private static OwnServer server;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    server =
        OwnServer.start(
            directory,
            Map.of(),
            Tracing.by(
                OpenTelemetrySdk.builder()
                    .setTracerProvider(
                        SdkTracerProvider.builder()
                            .addSpanProcessor(SimpleSpanProcessor.create(SPANS))
                            .build())
                    .build()));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(server.origin() + path))
        .header("Authorization", "Bearer " + OwnServer.KEY);
  }

  private static HttpRequest append(String session, String body, String traceparent) {
    return request("/realtime/v1/sessions/" + session + "/in/append")
        .header("traceparent", traceparent)
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private static void create(String session) throws Exception {
    HttpResponse<String> created =
        HTTP.send(
            request("/api/v1/sessions")
                .header("Content-Type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"type\":\"chat\",\"taskIdentifier\":\"t\",\"externalId\":\""
                            + session
                            + "\",\"triggerConfig\":{\"basePayload\":{}}}"))
                .build(),
            BodyHandlers.ofString());
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
  }

  private static List<SpanData> spans(String trace, String name) {
    return SPANS.getFinishedSpanItems().stream()
        .filter(span -> span.getTraceId().equals(trace) && span.getName().equals(name))
        .toList();
  }

  /** The one span of that name, as soon as there is one. */
  private static SpanData span(String trace, String name) {
    assertThat(Eventually.within(PATIENCE, () -> !spans(trace, name).isEmpty()))
        .as(() -> name + " among " + SPANS.getFinishedSpanItems())
        .isTrue();
    assertThat(spans(trace, name)).hasSize(1);
    return spans(trace, name).get(0);
  }

  @Test
  void an_append_is_one_trace_from_the_client_to_the_reader() throws Exception {
    create("traced");
    String trace = "0af7651916cd43dd8448eb211c80319c";
    String client = "b7ad6b7169203331";
    HttpResponse<InputStream> live =
        HTTP.send(
            request("/realtime/v1/sessions/traced/in").GET().build(), BodyHandlers.ofInputStream());
    try (InputStream events = live.body()) {
      // The first sign of life: the reader is at the tail.
      assertThat(events.read()).isNotNegative();
      HttpResponse<String> done =
          HTTP.send(
              append("traced", "hello", "00-" + trace + "-" + client + "-01"),
              BodyHandlers.ofString());
      assertThat(done.statusCode()).as(done.body()).isEqualTo(200);

      SpanData request = span(trace, "POST /realtime/v1/sessions/{session}/{io}/append");
      SpanData append = span(trace, "append");
      SpanData commit = span(trace, "commit");
      SpanData deliver = span(trace, "deliver");
      assertThat(request.getParentSpanId()).isEqualTo(client);
      assertThat(request.getKind()).isEqualTo(SpanKind.SERVER);
      assertThat(append.getParentSpanId()).isEqualTo(request.getSpanId());
      assertThat(commit.getParentSpanId()).isEqualTo(append.getSpanId());
      assertThat(deliver.getParentSpanId()).isEqualTo(commit.getSpanId());
      assertThat(request.getAttributes().asMap().toString())
          .contains("http.response.status_code=200");
      assertThat(commit.getAttributes().asMap().toString())
          .contains("parley.group.appends=1")
          .contains("parley.group.records=1");
      assertThat(commit.getLinks())
          .singleElement()
          .satisfies(
              link -> assertThat(link.getSpanContext().getSpanId()).isEqualTo(append.getSpanId()));
    }
  }

  @Test
  void a_commit_is_linked_to_all_appends_that_share_it() throws Exception {
    create("grouped");
    List<String> traces = new ArrayList<>();
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 1; i <= 50; i++) {
      String trace = "000000000000000000000000000" + (10_000 + i);
      traces.add(trace);
      answers.add(
          HTTP.sendAsync(
              append("grouped", "m" + i, "00-" + trace + "-" + SpanId.fromLong(i) + "-01"),
              BodyHandlers.ofString()));
    }
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      assertThat(answer.join().statusCode()).isEqualTo(200);
    }
    List<String> appends = traces.stream().map(trace -> span(trace, "append").getSpanId()).toList();
    List<String> linked =
        SPANS.getFinishedSpanItems().stream()
            .filter(span -> span.getName().equals("commit") && traces.contains(span.getTraceId()))
            .flatMap(commit -> commit.getLinks().stream())
            .map(link -> link.getSpanContext().getSpanId())
            .toList();
    assertThat(linked).containsExactlyInAnyOrderElementsOf(appends);
  }

  @Test
  void no_span_holds_what_a_client_wrote_or_its_key() throws Exception {
    create("discreet");
    String trace = "0af7651916cd43dd8448eb211c80aaaa";
    HTTP.send(
        append("discreet", "a very private body", "00-" + trace + "-b7ad6b7169203331-01"),
        BodyHandlers.ofString());
    span(trace, "commit");
    assertThat(SPANS.getFinishedSpanItems().toString())
        .doesNotContain("very private")
        .doesNotContain(OwnServer.KEY);
  }
}
