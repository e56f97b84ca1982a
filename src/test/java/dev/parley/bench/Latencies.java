package dev.parley.bench;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** Durations in nanoseconds and what they come to. */
final class Latencies {
  private long[] nanos = new long[1 << 14];
  private int count;

  void add(long duration) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, count * 2);
    }
    nanos[count++] = duration;
  }

  static Latencies of(Collection<Latencies> parts) {
    Latencies all = new Latencies();
    parts.forEach(part -> Arrays.stream(part.nanos, 0, part.count).forEach(all::add));
    Arrays.sort(all.nanos, 0, all.count);
    return all;
  }

  /** These, ready to be asked for percentiles. */
  Latencies sorted() {
    return of(List.of(this));
  }

  int count() {
    return count;
  }

  /** In milliseconds; only of what {@link #of} or {@link #sorted} made. */
  double percentile(double share) {
    return count == 0 ? Double.NaN : nanos[(int) Math.min(count - 1, count * share)] / 1e6;
  }
}
