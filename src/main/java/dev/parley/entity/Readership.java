package dev.parley.entity;

import dev.parley.session.Direction;
import dev.parley.tracing.Tracing;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Who reads streams from this node, and how much: counted, and traced where the commit is. */
public final class Readership {
  private final Tracing tracing;
  private final LongAdder readers = new LongAdder();
  private final LongAdder records = new LongAdder();
  private final LongAdder bytes = new LongAdder();

  Readership(Tracing tracing) {
    this.tracing = tracing;
  }

  /** Readers that are being served, those included that read to the tail and end there. */
  public long readers() {
    return readers.sum();
  }

  /** Records that were handed to readers since the start. */
  public long records() {
    return records.sum();
  }

  /** The metered size of {@link #records}. */
  public long bytes() {
    return bytes.sum();
  }

  void begins() {
    readers.increment();
  }

  void ends() {
    readers.decrement();
  }

  /**
   * @param trace the commit that has just brought them; null when nobody traces it
   */
  void reads(Tails.Key key, RecordBatch batch, @Nullable SpanContext trace) {
    records.add(batch.records().size());
    bytes.add(batch.meteredBytes());
    if (trace != null && tracing.isOn()) {
      deliver(key, batch, trace);
    }
  }

  private void deliver(Tails.Key key, RecordBatch batch, SpanContext trace) {
    tracing
        .tracer()
        .spanBuilder("deliver")
        .setParent(Context.root().with(Span.wrap(trace)))
        .setAttribute("parley.session", key.session().friendlyId())
        .setAttribute("parley.direction", key.channel().direction() == Direction.OUT ? "out" : "in")
        .setAttribute("parley.records", batch.records().size())
        .startSpan()
        .end();
  }
}
