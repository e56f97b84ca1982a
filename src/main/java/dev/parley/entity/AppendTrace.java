package dev.parley.entity;

import dev.parley.session.SessionCommand;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import dev.parley.tracing.Tracing;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import org.jspecify.annotations.Nullable;

/** The span of one append, from when a node asks for it until it is answered. */
final class AppendTrace {
  private static final AppendTrace NONE = new AppendTrace(Span.getInvalid());

  private final Span span;

  private AppendTrace(Span span) {
    this.span = span;
  }

  /** Begins in the context of now. What is no append, or while tracing is off, has no span. */
  static AppendTrace begin(Tracing tracing, SessionId session, SessionCommand command) {
    if (!tracing.isOn() || !(command instanceof SessionCommand.Appending appending)) {
      return NONE;
    }
    return new AppendTrace(
        tracing
            .tracer()
            .spanBuilder("append")
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute("parley.session", session.friendlyId())
            .setAttribute("parley.records", appending.recordCount())
            .startSpan());
  }

  /** What goes along with the command; null when nobody wants to know. */
  @Nullable SpanContext context() {
    SpanContext context = span.getSpanContext();
    return context.isSampled() ? context : null;
  }

  void end(SessionReply reply) {
    if (reply instanceof SessionReply.OutcomeUnknown || reply instanceof SessionReply.Overloaded) {
      span.setStatus(StatusCode.ERROR, reply.getClass().getSimpleName());
    }
    span.end();
  }
}
