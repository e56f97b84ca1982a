package dev.parley.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Several rounds of one load, each beside the raw limit measured next to it. */
final class Rounds {
  private record Round(RequestLoad.Result result, double raw) {}

  private final List<Round> rounds = new ArrayList<>();

  void add(RequestLoad.Result result, double raw) {
    rounds.add(new Round(result, raw));
  }

  /**
   * Writes the medians.
   *
   * @param unit what is counted
   */
  void report(Table table, String what, String unit, String wanted, String limit) {
    table.row(
        what,
        String.format(
            Locale.ROOT,
            "%.0f %s/s, ratio %.2f, p50 %.2f ms, p99 %.2f ms; the server uses %.2f CPU",
            median(round -> round.result().perSecond()),
            unit,
            median(round -> round.result().perSecond() / round.raw()),
            median(round -> round.result().latencies().percentile(0.5)),
            median(round -> round.result().latencies().percentile(0.99)),
            median(round -> round.result().serverCpu())),
        wanted,
        String.format(Locale.ROOT, "%.0f", median(Round::raw)) + limit);
  }

  private double median(ToDoubleFunction<Round> figure) {
    double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
