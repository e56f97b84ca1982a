package dev.parley.entity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.entity.PendingAppends.Pending;
import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.RecordContent;
import dev.parley.session.SessionCommand.Append;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import dev.parley.tracing.Tracing;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CommitTraceTest {
  private final InMemorySpanExporter spans = InMemorySpanExporter.create();
  private final CommitTrace trace =
      new CommitTrace(
          Tracing.by(
              OpenTelemetrySdk.builder()
                  .setTracerProvider(
                      SdkTracerProvider.builder()
                          .addSpanProcessor(SimpleSpanProcessor.create(spans))
                          .build())
                  .build()),
          SessionId.random("env"));

  private static Pending append(@Nullable SpanContext asking) {
    return Pending.of(
        Append.single(Channel.OUT, RecordContent.of(Bytes.utf8("0123456789")), null),
        TestInbox.<SessionReply>create().getRef(),
        asking);
  }

  private static SpanContext span(long number) {
    return SpanContext.createFromRemoteParent(
        TraceId.fromLongs(7, number),
        SpanId.fromLong(number),
        TraceFlags.getSampled(),
        TraceState.getDefault());
  }

  @Test
  void a_commit_belongs_to_the_first_traced_append_and_is_linked_to_all() {
    trace.begin(List.of(append(null), append(span(1)), append(span(2))));
    assertThat(spans.getFinishedSpanItems()).isEmpty();
    SpanContext durable = trace.durable();
    SpanData commit = spans.getFinishedSpanItems().get(0);
    assertThat(commit.getSpanContext()).isEqualTo(durable);
    assertThat(commit.getParentSpanContext()).isEqualTo(span(1));
    assertThat(commit.getLinks())
        .extracting(LinkData::getSpanContext)
        .containsExactly(span(1), span(2));
    assertThat(commit.getAttributes().asMap().toString())
        .contains("parley.group.appends=3", "parley.group.records=3", "parley.group.bytes=54");
    assertThat(commit.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(trace.durable()).isNull();
  }

  @Test
  void a_commit_of_which_nobody_knows_the_outcome_is_an_error() {
    trace.begin(List.of(append(span(1))));
    trace.failed();
    trace.failed();
    assertThat(spans.getFinishedSpanItems())
        .singleElement()
        .satisfies(
            commit -> assertThat(commit.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR));
  }

  @Test
  void a_commit_that_nobody_traces_has_no_span() {
    trace.begin(List.of(append(null)));
    assertThat(trace.durable()).isNull();
    assertThat(spans.getFinishedSpanItems()).isEmpty();
  }
}
