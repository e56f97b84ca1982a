package dev.parley.chaos.history;

import dev.parley.chaos.history.Operation.Follow;
import dev.parley.chaos.history.Operation.Item;
import dev.parley.chaos.history.Operation.Read;
import dev.parley.chaos.history.Violation.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whatever a reader was shown is a piece of the final stream, from where it asked to read. */
final class ReadCheck {
  private ReadCheck() {}

  static List<Violation> check(StreamHistory stream) {
    List<Violation> found = new ArrayList<>();
    List<Item> truth = stream.truth();
    for (Read read : stream.reads) {
      String problem = read.last() ? null : problem(truth, read.from(), read.items());
      if (problem != null) {
        found.add(Violation.of(Kind.NOT_A_PREFIX, stream.name + ": a read " + problem, read));
      }
    }
    for (Follow follow : stream.follows) {
      List<Item> items =
          follow.items().stream().map(seen -> new Item(seen.seq(), seen.data())).toList();
      String problem = problem(truth, follow.from(), items);
      if (problem != null) {
        found.add(
            Violation.of(Kind.NOT_A_PREFIX, stream.name + ": a live reader " + problem, follow));
      }
      if (follow.last() && follow.from() + items.size() < truth.size()) {
        found.add(
            Violation.of(
                Kind.READER_STUCK,
                "%s: a live reader ended at %d of %d records"
                    .formatted(stream.name, follow.from() + items.size(), truth.size()),
                follow));
      }
    }
    return found;
  }

  private static @Nullable String problem(List<Item> truth, long from, List<Item> items) {
    if (from > truth.size()) {
      return "saw the tail at %d, and there are %d records".formatted(from, truth.size());
    }
    long expected = from;
    for (Item item : items) {
      if (item.seq() != expected) {
        return "was shown number %d where %d is due".formatted(item.seq(), expected);
      }
      if (expected >= truth.size()) {
        return "was shown '%s' at %d, which is not there".formatted(item.data(), item.seq());
      }
      Item real = truth.get((int) expected);
      if (!real.equals(item)) {
        return "was shown '%s' at %d, where '%s' is"
            .formatted(item.data(), item.seq(), real.data());
      }
      expected++;
    }
    return null;
  }
}
