package dev.parley.chaos.history;

import dev.parley.chaos.history.Operation.Append;
import dev.parley.chaos.history.Operation.Fault;
import dev.parley.chaos.history.Operation.Follow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What runs come to, in figures. Times are in milliseconds. */
public final class Figures {
  private final Map<String, List<Long>> gaps = new TreeMap<>();
  private final List<Long> reconnects = new ArrayList<>();
  private long acknowledged;
  private long unknown;
  private long reads;

  /** Adds a run. */
  public void add(History history) {
    history
        .all(Append.class)
        .forEach(
            append -> {
              acknowledged += append.outcome() == Outcome.OK ? 1 : 0;
              unknown += append.outcome() == Outcome.UNKNOWN ? 1 : 0;
            });
    reads += history.all(Operation.Read.class).count();
    history
        .all(Follow.class)
        .filter(follow -> follow.followedAt() != null && follow.lostAt() != null)
        .forEach(follow -> reconnects.add(millis(follow.followedAt() - follow.lostAt())));
    List<Fault> faults =
        history.all(Fault.class).sorted(Comparator.comparingLong(Fault::start)).toList();
    List<long[]> streams = acknowledgements(history);
    for (int i = 0; i < faults.size(); i++) {
      long begin = faults.get(i).start();
      long next = i + 1 < faults.size() ? faults.get(i + 1).start() : Long.MAX_VALUE;
      long longest = streams.stream().mapToLong(ends -> gap(ends, begin, next)).max().orElse(0);
      gaps.computeIfAbsent(faults.get(i).fault(), kind -> new ArrayList<>()).add(millis(longest));
    }
  }

  /**
   * When each stream was acknowledged something, ascending. Streams that are waited on are left
   * out: their writers pause.
   */
  private static List<long[]> acknowledgements(History history) {
    Set<String> waitedOn =
        history.all(Operation.Wait.class).map(Operation.Wait::stream).collect(Collectors.toSet());
    return HistoryChecker.groups(
            history
                .all(Append.class)
                .filter(append -> append.outcome() == Outcome.OK)
                .filter(append -> !waitedOn.contains(append.stream())),
            Append::stream)
        .values()
        .stream()
        .map(appends -> appends.stream().mapToLong(Append::end).sorted().toArray())
        .toList();
  }

  /**
   * The longest time without an acknowledgement that ends between two moments. One that is under
   * way at the second of them began, as a rule, with what happened then.
   */
  private static long gap(long[] ends, long begin, long next) {
    int first = 1;
    while (first < ends.length && ends[first] <= begin) {
      first++;
    }
    long longest = 0;
    for (int i = first; i < ends.length && ends[i] <= next; i++) {
      longest = Math.max(longest, ends[i] - ends[i - 1]);
    }
    return longest;
  }

  /** All figures as Markdown. */
  public List<String> table() {
    List<String> rows = new ArrayList<>(List.of("| what | measured |", "| --- | --- |"));
    rows.add(
        row(
            "acknowledged records",
            acknowledged + ", and " + unknown + " attempts without answer"));
    rows.add(row("plain reads", Long.toString(reads)));
    gaps.forEach(
        (kind, each) ->
            rows.add(
                row(
                    "longest gap of a stream after %s, %d times".formatted(kind, each.size()),
                    "median %d ms, max %d ms".formatted(share(each, 0.5), share(each, 1)))));
    rows.add(
        row(
            "readers follow again, %d times".formatted(reconnects.size()),
            "p50 %d ms, max %d ms".formatted(share(reconnects, 0.5), share(reconnects, 1))));
    return rows;
  }

  private static String row(String what, String measured) {
    return "| " + what + " | " + measured + " |";
  }

  private static long share(List<Long> values, double share) {
    List<Long> sorted = values.stream().sorted().toList();
    return sorted.isEmpty()
        ? 0
        : sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * share));
  }

  private static long millis(long nanos) {
    return nanos / 1_000_000;
  }
}
