package dev.parley.chaos.history;

import dev.parley.chaos.history.Operation.Append;
import dev.parley.chaos.history.Operation.Item;
import dev.parley.chaos.history.Operation.Read;
import dev.parley.chaos.history.Violation.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Each acknowledged record is there once at its number, in order, and nothing else is. */
final class RecordCheck {
  private final StreamHistory stream;
  private final List<Violation> found = new ArrayList<>();
  private final Map<String, List<Append>> attempts = new HashMap<>();

  private RecordCheck(StreamHistory stream) {
    this.stream = stream;
    for (Append append : stream.appends) {
      attempts.computeIfAbsent(append.data(), first -> new ArrayList<>()).add(append);
    }
  }

  static List<Violation> check(StreamHistory stream) {
    RecordCheck check = new RecordCheck(stream);
    check.repeats();
    check.order();
    Read last = stream.last();
    if (last == null) {
      check.add(Kind.UNREADABLE, "nobody read the final records");
    } else {
      check.nodesAgree(last);
      check.numbers(last);
      check.onlyWhatWasSent(last);
      check.whatWasAcknowledged(last);
    }
    return check.found;
  }

  /** A repetition gets the first answer, whatever happened between. */
  private void repeats() {
    for (List<Append> same : attempts.values()) {
      List<Append> acknowledged =
          same.stream().filter(append -> append.outcome() == Outcome.OK).toList();
      for (Append append : acknowledged) {
        if (!append.seq().equals(acknowledged.get(0).seq())) {
          add(
              Kind.REPEAT_ANSWERED_OTHERWISE,
              "part id %s got %d and %d"
                  .formatted(append.partId(), acknowledged.get(0).seq(), append.seq()),
              acknowledged.get(0),
              append);
        }
      }
    }
  }

  /** What was sent after an acknowledgement stands behind the acknowledged record. */
  private void order() {
    List<Append> byEnd =
        stream.appends.stream()
            .filter(append -> append.outcome() == Outcome.OK)
            .sorted(Comparator.comparingLong(Append::end))
            .toList();
    List<Append> firsts =
        attempts.values().stream()
            .map(same -> same.stream().min(Comparator.comparingLong(Append::start)).orElseThrow())
            .sorted(Comparator.comparingLong(Append::start))
            .toList();
    Append highest = null;
    int next = 0;
    for (Append first : firsts) {
      while (next < byEnd.size() && byEnd.get(next).end() < first.start()) {
        Append ended = byEnd.get(next++);
        highest = highest == null || ended.seq() > highest.seq() ? ended : highest;
      }
      Append acknowledged =
          attempts.get(first.data()).stream()
              .filter(append -> append.outcome() == Outcome.OK)
              .findFirst()
              .orElse(null);
      if (highest != null && acknowledged != null && acknowledged.seq() <= highest.seq()) {
        add(
            Kind.OUT_OF_ORDER,
            "number %d was given after %d".formatted(acknowledged.seq(), highest.seq()),
            highest,
            acknowledged);
      }
    }
  }

  private void nodesAgree(Read last) {
    for (Read read : stream.reads) {
      if (read.last() && !read.items().equals(last.items())) {
        add(
            Kind.NODES_DISAGREE,
            "nodes %d and %d show %d and %d records, or different ones"
                .formatted(last.node(), read.node(), last.items().size(), read.items().size()),
            last,
            read);
      }
    }
  }

  private void numbers(Read last) {
    long expected = 0;
    for (Item item : last.items()) {
      if (item.seq() != expected) {
        add(Kind.GAP, "number %d stands where %d should".formatted(item.seq(), expected), last);
        return;
      }
      expected++;
    }
  }

  private void onlyWhatWasSent(Read last) {
    Set<String> there = new HashSet<>();
    for (Item item : last.items()) {
      List<Append> tries = attempts.getOrDefault(item.data(), List.of());
      if (!there.add(item.data())) {
        add(
            Kind.DUPLICATE,
            "'%s' is there again at %d".formatted(item.data(), item.seq()),
            tries.toArray(Append[]::new));
      } else if (tries.isEmpty() && !stream.isWrittenByServer(item.data())) {
        add(Kind.PHANTOM, "nobody sent '%s', at %d".formatted(item.data(), item.seq()));
      } else if (!tries.isEmpty()
          && tries.stream().allMatch(append -> append.outcome() == Outcome.REFUSED)) {
        add(
            Kind.REFUSED_BUT_THERE,
            "'%s' is there at %d".formatted(item.data(), item.seq()),
            tries.toArray(Append[]::new));
      }
    }
  }

  private void whatWasAcknowledged(Read last) {
    Map<Long, String> bySeq = new HashMap<>();
    last.items().forEach(item -> bySeq.putIfAbsent(item.seq(), item.data()));
    for (Append append : stream.appends) {
      if (append.outcome() == Outcome.OK && !append.data().equals(bySeq.get(append.seq()))) {
        add(
            Kind.LOST,
            "at number %d of '%s' stands %s"
                .formatted(append.seq(), append.data(), bySeq.get(append.seq())),
            append);
      }
    }
  }

  private void add(Kind kind, String what, Operation... operations) {
    found.add(Violation.of(kind, stream.name + ": " + what, operations));
  }
}
