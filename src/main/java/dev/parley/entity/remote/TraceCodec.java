package dev.parley.entity.remote;

import com.google.protobuf.ByteString;
import dev.parley.entity.remote.proto.Trace;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.api.trace.TraceState;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The span that a message belongs to, as the parts of W3C's {@code traceparent}. */
final class TraceCodec {
  private static final HexFormat HEX = HexFormat.of();

  private TraceCodec() {}

  static Trace toProto(SpanContext context) {
    return Trace.newBuilder()
        .setTraceId(ByteString.copyFrom(context.getTraceIdBytes()))
        .setSpanId(ByteString.copyFrom(context.getSpanIdBytes()))
        .setFlags(context.getTraceFlags().asByte())
        .build();
  }

  /** The span on the other node; null when what was sent is none. */
  static @Nullable SpanContext fromProto(Trace trace) {
    if (trace.getTraceId().size() * 2 != TraceId.getLength()
        || trace.getSpanId().size() * 2 != SpanId.getLength()) {
      return null;
    }
    SpanContext context =
        SpanContext.createFromRemoteParent(
            HEX.formatHex(trace.getTraceId().toByteArray()),
            HEX.formatHex(trace.getSpanId().toByteArray()),
            TraceFlags.fromByte((byte) trace.getFlags()),
            TraceState.getDefault());
    return context.isValid() ? context : null;
  }
}
