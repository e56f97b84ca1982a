package dev.parley.entity;

import dev.parley.entity.PendingAppends.Pending;
import dev.parley.session.SessionId;
import dev.parley.tracing.Tracing;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The span of the commit under way, if an append in it is traced. A commit belongs to the trace of
 * the first of them and is linked to all, since a span has one parent.
 */
final class CommitTrace {
  private final Tracing tracing;
  private final SessionId session;
  private @Nullable Span span;

  CommitTrace(Tracing tracing, SessionId session) {
    this.tracing = tracing;
    this.session = session;
  }

  /** The group goes to the journal. */
  void begin(List<Pending> group) {
    if (!tracing.isOn()) {
      return;
    }
    SpanBuilder builder = null;
    long records = 0;
    long bytes = 0;
    for (Pending append : group) {
      records += append.appending().recordCount();
      bytes += append.bytes();
      SpanContext trace = append.trace();
      if (trace != null) {
        if (builder == null) {
          builder =
              tracing
                  .tracer()
                  .spanBuilder("commit")
                  .setParent(Context.root().with(Span.wrap(trace)));
        }
        builder.addLink(trace);
      }
    }
    if (builder != null) {
      span =
          builder
              .setAttribute("parley.session", session.friendlyId())
              .setAttribute("parley.group.appends", group.size())
              .setAttribute("parley.group.records", records)
              .setAttribute("parley.group.bytes", bytes)
              .startSpan();
    }
  }

  /** It is durable. The span, for those who are shown its records; null when nobody traces it. */
  @Nullable SpanContext durable() {
    return end(false);
  }

  /** Whether it is durable is not known. Nothing happens when no commit is under way. */
  void failed() {
    end(true);
  }

  private @Nullable SpanContext end(boolean failed) {
    Span ended = span;
    if (ended == null) {
      return null;
    }
    span = null;
    if (failed) {
      ended.setStatus(StatusCode.ERROR, "the journal fails");
    }
    ended.end();
    return ended.getSpanContext();
  }
}
