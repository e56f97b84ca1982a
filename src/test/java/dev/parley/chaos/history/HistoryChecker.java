package dev.parley.chaos.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Judges a history by what the server promises. */
public final class HistoryChecker {
  private HistoryChecker() {}

  /** What was broken; empty when the history is one of a correct server. */
  public static List<Violation> check(History history, DueLimits limits) {
    Map<String, StreamHistory> streams = StreamHistory.of(history);
    List<Violation> found = new ArrayList<>();
    for (StreamHistory stream : streams.values()) {
      found.addAll(RecordCheck.check(stream));
      found.addAll(ReadCheck.check(stream));
      found.addAll(FreshnessCheck.check(stream));
    }
    DueTimes due = new DueTimes(history, limits);
    found.addAll(EndCheck.check(history, due));
    found.addAll(WaitCheck.check(history, streams, due));
    return found;
  }

  /** The groups of a list by a name, sorted by it. */
  static <T> Map<String, List<T>> groups(
      java.util.stream.Stream<T> items, java.util.function.Function<T, String> name) {
    Map<String, List<T>> groups = new TreeMap<>();
    items.forEach(
        item -> groups.computeIfAbsent(name.apply(item), first -> new ArrayList<>()).add(item));
    return groups;
  }
}
