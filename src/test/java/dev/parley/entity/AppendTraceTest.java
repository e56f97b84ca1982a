package dev.parley.entity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.Allocation;
import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.Position;
import dev.parley.session.RecordContent;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import dev.parley.tracing.Carried;
import dev.parley.tracing.Tracing;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class AppendTraceTest {
  private static final SessionId SESSION = SessionId.random("env");
  private static final SessionCommand APPEND =
      SessionCommand.Append.single(Channel.OUT, RecordContent.of(Bytes.utf8("x")), null);
  private static final SessionReply REPLY =
      new SessionReply.Appended(new Position(0, 1), new Position(1, 1), new Position(1, 1), false);

  private static Tracing sampling(Sampler sampler) {
    return Tracing.by(
        OpenTelemetrySdk.builder()
            .setTracerProvider(
                SdkTracerProvider.builder()
                    .setSampler(sampler)
                    .addSpanProcessor(SimpleSpanProcessor.create(InMemorySpanExporter.create()))
                    .build())
            .build());
  }

  @Test
  void an_append_that_is_sampled_names_its_span() {
    AppendTrace trace = AppendTrace.begin(sampling(Sampler.alwaysOn()), SESSION, APPEND);
    assertThat(trace.context()).isNotNull();
    assertThat(trace.context().isSampled()).isTrue();
    trace.end(REPLY);
  }

  @Test
  void nothing_goes_along_with_what_is_not_sampled_or_no_append() {
    assertThat(AppendTrace.begin(sampling(Sampler.alwaysOff()), SESSION, APPEND).context())
        .isNull();
    assertThat(
            AppendTrace.begin(sampling(Sampler.alwaysOn()), SESSION, new SessionCommand.Purge())
                .context())
        .isNull();
  }

  @Test
  void while_tracing_is_off_nothing_is_allocated() {
    CommitTrace commit = new CommitTrace(Tracing.OFF, SESSION);
    List<PendingAppends.Pending> group = List.of();
    CompletionStage<String> stage = new CompletableFuture<>();
    double bytes =
        Allocation.perRun(
            () -> {
              AppendTrace trace = AppendTrace.begin(Tracing.OFF, SESSION, APPEND);
              assertThatNothing(trace.context());
              trace.end(REPLY);
              commit.begin(group);
              assertThatNothing(commit.durable());
              Carried.here(stage);
            });
    assertThat(bytes).isLessThan(1);
  }

  private static void assertThatNothing(Object context) {
    if (context != null) {
      throw new AssertionError(context);
    }
  }
}
