package dev.parley.chaos.history;

import dev.parley.chaos.history.Operation.Append;
import dev.parley.chaos.history.Operation.Follow;
import dev.parley.chaos.history.Operation.Read;
import dev.parley.chaos.history.Operation.Seen;
import dev.parley.chaos.history.Violation.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A read shows all that was acknowledged, or seen by anybody, before it began. The last reads,
 * which show the final stream, are judged by {@link RecordCheck} alone.
 */
final class FreshnessCheck {
  /** From this moment on every read has to show the record. */
  private record Known(long at, long seq, Operation from) {}

  private FreshnessCheck() {}

  static List<Violation> check(StreamHistory stream) {
    List<Known> known = known(stream);
    List<Violation> found = new ArrayList<>();
    List<Read> reads =
        stream.reads.stream()
            .filter(read -> !read.last())
            .sorted(Comparator.comparingLong(Read::start))
            .toList();
    Known highest = null;
    int next = 0;
    for (Read read : reads) {
      while (next < known.size() && known.get(next).at() < read.start()) {
        Known candidate = known.get(next++);
        highest = highest == null || candidate.seq() > highest.seq() ? candidate : highest;
      }
      if (highest != null && read.tail() <= highest.seq()) {
        Kind kind = highest.from() instanceof Append ? Kind.STALE_READ : Kind.TAIL_WENT_BACK;
        found.add(
            Violation.of(
                kind,
                "%s: node %d showed the tail at %d, %d ms after number %d was known"
                    .formatted(
                        stream.name,
                        read.node(),
                        read.tail(),
                        (read.start() - highest.at()) / 1_000_000,
                        highest.seq()),
                highest.from(),
                read));
      }
    }
    return found;
  }

  /** In the order of time. */
  private static List<Known> known(StreamHistory stream) {
    List<Known> known = new ArrayList<>();
    for (Append append : stream.appends) {
      if (append.outcome() == Outcome.OK) {
        known.add(new Known(append.end(), append.seq(), append));
      }
    }
    for (Follow follow : stream.follows) {
      for (Seen seen : follow.items()) {
        known.add(new Known(seen.at(), seen.seq(), follow));
      }
    }
    for (Read read : stream.reads) {
      if (!read.last()) {
        known.add(new Known(read.end(), read.tail() - 1, read));
      }
    }
    known.sort(Comparator.comparingLong(Known::at));
    return known;
  }
}
