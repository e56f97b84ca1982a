package dev.parley.chaos.history;

import dev.parley.chaos.history.Operation.Append;
import dev.parley.chaos.history.Operation.Close;
import dev.parley.chaos.history.Operation.Created;
import dev.parley.chaos.history.Operation.Ending;
import dev.parley.chaos.history.Operation.Entry;
import dev.parley.chaos.history.Operation.Lifecycle;
import dev.parley.chaos.history.Operation.Look;
import dev.parley.chaos.history.Violation.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A session ends once, at its time, and an append is accepted before that or refused after it. */
final class EndCheck {
  private static final Set<String> ENDS = Set.of("closed", "expired", "deleted");

  private final DueTimes due;
  private final String session;
  private final @Nullable Long expiresAtMillis;
  private final List<Append> appends;
  private final List<Close> closes;
  private final List<Look> looks;
  private final List<Lifecycle> lifecycles;
  private final List<Violation> found;

  private EndCheck(
      History history, DueTimes due, Created created, List<Append> appends, List<Violation> found) {
    this.due = due;
    this.session = created.session();
    this.expiresAtMillis = created.expiresAtMillis();
    this.appends = appends;
    this.closes =
        history.all(Close.class).filter(close -> close.session().equals(session)).toList();
    this.looks = history.all(Look.class).filter(look -> look.session().equals(session)).toList();
    this.lifecycles =
        history.all(Lifecycle.class).filter(life -> life.session().equals(session)).toList();
    this.found = found;
  }

  static List<Violation> check(History history, DueTimes due) {
    List<Violation> found = new ArrayList<>();
    Map<String, List<Append>> appends =
        HistoryChecker.groups(
            history.all(Append.class), append -> StreamHistory.session(append.stream()));
    history
        .all(Created.class)
        .forEach(
            created -> {
              List<Append> own = appends.getOrDefault(created.session(), List.of());
              EndCheck check = new EndCheck(history, due, created, own, found);
              check.acceptedBeforeAndRefusedAfter();
              check.oneEnding();
              check.lifecycles.forEach(check::lifecycle);
            });
    return found;
  }

  private void acceptedBeforeAndRefusedAfter() {
    Operation firstEnd =
        Stream.concat(
                closes.stream().filter(close -> close.outcome() == Outcome.OK),
                appends.stream().filter(append -> append.outcome() == Outcome.REFUSED))
            .min(Comparator.comparingLong(Operation::end))
            .orElse(null);
    Map<String, Append> first = new HashMap<>();
    for (Append append : appends) {
      first.merge(append.data(), append, (a, b) -> a.start() <= b.start() ? a : b);
    }
    for (Append append : appends) {
      if (append.outcome() == Outcome.REFUSED && !mayHaveEnded(append)) {
        add(Kind.REFUSED_WITHOUT_END, "refused while it was open", append);
      }
      if (append.outcome() != Outcome.OK) {
        continue;
      }
      long begun = first.get(append.data()).start();
      if (firstEnd != null && begun > firstEnd.end()) {
        add(Kind.ACCEPTED_AFTER_END, "accepted after it had ended", firstEnd, append);
      } else if (expiresAtMillis != null
          && due.millis(begun) > expiresAtMillis + DueTimes.CLOCK_ERROR_MILLIS) {
        add(Kind.ACCEPTED_AFTER_END, "accepted after it had expired", append);
      }
    }
  }

  private boolean mayHaveEnded(Append refused) {
    return closes.stream().anyMatch(close -> close.start() < refused.end())
        || (expiresAtMillis != null
            && due.millis(refused.end()) >= expiresAtMillis - DueTimes.CLOCK_ERROR_MILLIS);
  }

  private void oneEnding() {
    Map<Ending, Operation> endings = new HashMap<>();
    closes.stream()
        .filter(close -> close.ending() != null)
        .forEach(close -> endings.putIfAbsent(close.ending(), close));
    looks.stream()
        .filter(look -> look.ending() != null)
        .forEach(look -> endings.putIfAbsent(look.ending(), look));
    if (endings.size() > 1) {
      add(
          Kind.END_CHANGED,
          "closed as " + endings.keySet(),
          endings.values().toArray(Operation[]::new));
    }
    long closedAt =
        closes.stream()
            .filter(close -> close.outcome() == Outcome.OK)
            .mapToLong(Close::end)
            .min()
            .orElse(Long.MAX_VALUE);
    looks.stream()
        .filter(look -> look.ending() == null && look.start() > closedAt)
        .forEach(look -> add(Kind.END_CHANGED, "open again after it was closed", look));
  }

  private void lifecycle(Lifecycle shown) {
    List<Entry> ends =
        shown.entries().stream().filter(entry -> ENDS.contains(entry.type())).toList();
    if (ends.size() > 1) {
      String types = ends.stream().map(Entry::type).collect(Collectors.joining(", "));
      add(Kind.ENDED_TWICE, "ended by " + types, shown);
    }
    if (expiresAtMillis == null) {
      return;
    }
    long latest = due.latest(expiresAtMillis);
    for (Entry end : ends) {
      if (end.type().equals("expired")
          && end.atMillis() < expiresAtMillis - DueTimes.CLOCK_ERROR_MILLIS) {
        add(Kind.TOO_EARLY, "expired before its time " + expiresAtMillis, shown);
      }
      if (end.type().equals("expired") && end.atMillis() > latest) {
        add(
            Kind.DUE_MISSED,
            "expired %d ms after its time".formatted(end.atMillis() - expiresAtMillis),
            shown);
      }
    }
    if (ends.isEmpty() && due.millis(shown.start()) > latest) {
      add(Kind.DUE_MISSED, "has not expired at " + expiresAtMillis, shown);
    }
  }

  private void add(Kind kind, String what, Operation... operations) {
    found.add(Violation.of(kind, session + ": " + what, operations));
  }
}
