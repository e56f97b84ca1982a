package dev.parley.projection.clickhouse;

import dev.parley.journal.StreamSummary;
import dev.parley.session.Channel;

/** What the streams {@code .in} and {@code .out} of a session ever had: records and their size. */
record Totals(long recordsIn, long bytesIn, long recordsOut, long bytesOut) {
  static final Totals NONE = new Totals(0, 0, 0, 0);

  /** The totals behind what an event has brought to a stream. */
  Totals after(StreamSummary stream) {
    if (stream.channel().equals(Channel.IN)) {
      return new Totals(stream.endSeq(), stream.endBytes(), recordsOut, bytesOut);
    }
    return stream.channel().equals(Channel.OUT)
        ? new Totals(recordsIn, bytesIn, stream.endSeq(), stream.endBytes())
        : this;
  }
}
