package dev.parley.chaos.history;

import dev.parley.chaos.history.Operation.Append;
import dev.parley.chaos.history.Operation.Item;
import dev.parley.chaos.history.Operation.Wait;
import dev.parley.chaos.history.Operation.WaitLook;
import dev.parley.chaos.history.Violation.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A waiter ends once: by the first record behind its cursor or by its own deadline. */
final class WaitCheck {
  private final Wait wait;
  private final DueTimes due;
  private final List<WaitLook> looks;

  /** The record that completes it; null when there is none. */
  private final @Nullable Item record;

  /** The acknowledgement after which it can't be waiting any more; null when there is none. */
  private final @Nullable Append acknowledged;

  private final List<Violation> found;

  private WaitCheck(
      Wait wait,
      DueTimes due,
      List<WaitLook> looks,
      @Nullable StreamHistory stream,
      List<Violation> found) {
    this.wait = wait;
    this.due = due;
    this.looks = looks;
    this.found = found;
    this.record =
        stream == null
            ? null
            : stream.truth().stream()
                .filter(item -> item.seq() > wait.after())
                .findFirst()
                .orElse(null);
    this.acknowledged =
        stream == null
            ? null
            : stream.appends.stream()
                .filter(append -> append.outcome() == Outcome.OK && append.seq() > wait.after())
                .min(Comparator.comparingLong(Append::end))
                .orElse(null);
  }

  static List<Violation> check(History history, Map<String, StreamHistory> streams, DueTimes due) {
    List<Violation> found = new ArrayList<>();
    Map<String, List<WaitLook>> looks =
        HistoryChecker.groups(history.all(WaitLook.class), WaitLook::waitpoint);
    history
        .all(Wait.class)
        .forEach(
            wait -> {
              List<WaitLook> own = looks.getOrDefault(wait.waitpoint(), List.of());
              WaitCheck check = new WaitCheck(wait, due, own, streams.get(wait.stream()), found);
              check.oneOutcome();
              own.forEach(check::look);
            });
    return found;
  }

  private void oneOutcome() {
    WaitLook ended = null;
    for (WaitLook look : looks.stream().sorted(Comparator.comparingLong(WaitLook::end)).toList()) {
      if (ended != null && isOver(look) && !outcome(ended).equals(outcome(look))) {
        add(Kind.WAIT_CHANGED, "seen with two outcomes", ended, look);
      }
      if (ended != null && !isOver(look) && look.start() > ended.end()) {
        add(Kind.WAIT_CHANGED, "waits again", ended, look);
      }
      ended = ended == null && isOver(look) ? look : ended;
    }
  }

  private void look(WaitLook look) {
    switch (look.status()) {
      case "WAITING" -> waiting(look);
      case "TIMED_OUT" -> timedOut(look);
      default -> {
        if (record == null || !record.data().equals(look.output())) {
          add(Kind.WAIT_WRONG_RECORD, "completed, and the first record is " + record, look);
        }
      }
    }
  }

  private void waiting(WaitLook look) {
    if (acknowledged != null && look.start() > Math.max(acknowledged.end(), wait.end())) {
      add(Kind.WAIT_MISSED_RECORD, "waits behind its record", wait, acknowledged, look);
    }
    if (wait.timeoutAtMillis() != null
        && due.millis(look.start()) > due.latest(wait.timeoutAtMillis())) {
      add(Kind.DUE_MISSED, "waits behind its deadline", wait, look);
    }
  }

  private void timedOut(WaitLook look) {
    if (wait.timeoutAtMillis() == null || look.completedAtMillis() == null) {
      add(Kind.TOO_EARLY, "timed out without a deadline", wait, look);
      return;
    }
    if (look.completedAtMillis() < wait.timeoutAtMillis() - DueTimes.CLOCK_ERROR_MILLIS) {
      add(Kind.TOO_EARLY, "timed out before its deadline", wait, look);
    }
    if (look.completedAtMillis() > due.latest(wait.timeoutAtMillis())) {
      long late = look.completedAtMillis() - wait.timeoutAtMillis();
      add(Kind.DUE_MISSED, "timed out %d ms after its deadline".formatted(late), wait, look);
    }
    if (acknowledged != null
        && due.millis(Math.max(acknowledged.end(), wait.end()))
            < wait.timeoutAtMillis() - DueTimes.CLOCK_ERROR_MILLIS) {
      add(Kind.WAIT_MISSED_RECORD, "timed out behind its record", wait, acknowledged, look);
    }
  }

  private static boolean isOver(WaitLook look) {
    return !look.status().equals("WAITING");
  }

  private static List<String> outcome(WaitLook look) {
    return List.of(
        look.status(), String.valueOf(look.output()), String.valueOf(look.completedAtMillis()));
  }

  private void add(Kind kind, String what, Operation... operations) {
    found.add(Violation.of(kind, wait.waitpoint() + ": " + what, operations));
  }
}
