package dev.parley;

import static dev.parley.ClusterNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.entity.Inspection;
import dev.parley.entity.ReadEvent;
import dev.parley.journal.EmbeddedPostgres;
import dev.parley.journal.TestPostgres;
import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.RecordContent;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import dev.parley.tracing.Tracing;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A trace goes over to the node of the session, and back with its records to a reader. */
class TracesOverNodesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final InMemorySpanExporter FIRST = InMemorySpanExporter.create();
  private static final InMemorySpanExporter SECOND = InMemorySpanExporter.create();

  private static EmbeddedPostgres postgres;
  private static ClusterNode first;
  private static ClusterNode second;

  @BeforeAll
  static void startNodes() throws Exception {
    postgres = TestPostgres.start();
    first = ClusterNode.first(postgres.address(), tracing(FIRST));
    second = first.another(postgres.address(), tracing(SECOND));
    assertThat(Eventually.within(PATIENCE, () -> first.sees(2) && second.sees(2))).isTrue();
  }

  @AfterAll
  static void stopNodes() throws Exception {
    Closing.all(second, first, postgres);
  }

  private static Tracing tracing(InMemorySpanExporter spans) {
    return Tracing.by(
        OpenTelemetrySdk.builder()
            .setTracerProvider(
                SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                    .build())
            .build());
  }

  private static SpanData span(InMemorySpanExporter node, String name) {
    assertThat(
            Eventually.within(
                PATIENCE,
                () ->
                    node.getFinishedSpanItems().stream()
                        .anyMatch(span -> span.getName().equals(name))))
        .as(() -> name + " among " + node.getFinishedSpanItems())
        .isTrue();
    return node.getFinishedSpanItems().stream()
        .filter(span -> span.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void an_append_from_the_other_node_is_one_trace() throws Exception {
    SessionId id = first.newSession();
    Inspection inspection = await(second.sessions().inspect(id, Channel.OUT));
    SinkQueueWithCancel<ReadEvent> reader =
        second
            .sessions()
            .follow(id, Channel.OUT, 0, inspection, null, Duration.ofMinutes(1))
            .runWith(Sink.queue(), second.system());
    assertThat(await(reader.pull())).containsInstanceOf(ReadEvent.Ping.class);
    CompletionStage<Optional<ReadEvent>> next = reader.pull();
    SessionReply reply =
        await(
            second
                .sessions()
                .ask(
                    id,
                    new SessionCommand.Append(
                        Channel.OUT,
                        List.of(
                            new SessionCommand.Draft(null, RecordContent.of(Bytes.utf8("hello")))),
                        null,
                        null,
                        null,
                        false)));
    assertThat(reply).isInstanceOf(SessionReply.Appended.class);
    assertThat(await(next)).containsInstanceOf(ReadEvent.Batch.class);
    reader.cancel();

    SpanData append = span(SECOND, "append");
    SpanData commit = span(FIRST, "commit");
    SpanData deliver = span(SECOND, "deliver");
    assertThat(commit.getTraceId()).isEqualTo(append.getTraceId());
    assertThat(commit.getParentSpanId()).isEqualTo(append.getSpanId());
    assertThat(deliver.getTraceId()).isEqualTo(append.getTraceId());
    assertThat(deliver.getParentSpanId()).isEqualTo(commit.getSpanId());
  }
}
