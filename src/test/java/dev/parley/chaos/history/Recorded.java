package dev.parley.chaos.history;

import dev.parley.chaos.history.Operation.Append;
import dev.parley.chaos.history.Operation.Begun;
import dev.parley.chaos.history.Operation.Close;
import dev.parley.chaos.history.Operation.Created;
import dev.parley.chaos.history.Operation.Ending;
import dev.parley.chaos.history.Operation.Entry;
import dev.parley.chaos.history.Operation.Fault;
import dev.parley.chaos.history.Operation.Follow;
import dev.parley.chaos.history.Operation.Item;
import dev.parley.chaos.history.Operation.Lifecycle;
import dev.parley.chaos.history.Operation.Look;
import dev.parley.chaos.history.Operation.Read;
import dev.parley.chaos.history.Operation.Seen;
import dev.parley.chaos.history.Operation.Wait;
import dev.parley.chaos.history.Operation.WaitLook;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A history made by hand, of one session {@code s} and its stream {@code s/in}. Times are
 * milliseconds of the run, which began at 0 Unix milliseconds.
 */
final class Recorded {
  private static final String SESSION = "s";
  private static final String STREAM = "s/in";
  private static final int NODE = 0;

  private final List<Operation> operations = new ArrayList<>();

  Recorded() {
    operations.add(new Begun(0, 0, -1, 0, 1));
  }

  Recorded append(long start, long end, String data, Outcome outcome, @Nullable Long seq) {
    return add(
        new Append(nanos(start), nanos(end), NODE, STREAM, data, data, outcome, seq, "by hand"));
  }

  Recorded acknowledged(long start, long end, String data, long seq) {
    return append(start, end, data, Outcome.OK, seq);
  }

  Recorded refused(long start, long end, String data) {
    return append(start, end, data, Outcome.REFUSED, null);
  }

  Recorded unknown(long start, long end, String data) {
    return append(start, end, data, Outcome.UNKNOWN, null);
  }

  Recorded read(long start, long end, long from, String... data) {
    return add(new Read(nanos(start), nanos(end), NODE, STREAM, from, items(from, data), false));
  }

  /** What a node shows when everything is over, with consecutive numbers. */
  Recorded last(int node, String... data) {
    return last(node, items(0, data));
  }

  Recorded last(int node, List<Item> items) {
    return add(new Read(nanos(90_000), nanos(90_001), node, STREAM, 0, items, true));
  }

  Recorded live(long at, boolean last, long from, String... data) {
    List<Seen> seen =
        items(from, data).stream()
            .map(item -> new Seen(item.seq(), item.data(), nanos(at)))
            .toList();
    return add(
        new Follow(nanos(at), nanos(at + 10), NODE, STREAM, from, seen, nanos(at), null, last));
  }

  Recorded created(@Nullable Long expiresAtMillis) {
    return add(new Created(0, nanos(1), NODE, SESSION, expiresAtMillis));
  }

  Recorded close(long start, long end, Outcome outcome, @Nullable String reason) {
    Ending ending = reason == null ? null : new Ending("1970-01-01T00:00:01.000Z", reason);
    return add(new Close(nanos(start), nanos(end), NODE, SESSION, outcome, ending));
  }

  Recorded look(long start, @Nullable String reason) {
    Ending ending = reason == null ? null : new Ending("1970-01-01T00:00:01.000Z", reason);
    return add(new Look(nanos(start), nanos(start + 1), NODE, SESSION, ending));
  }

  Recorded lifecycle(long start, Entry... entries) {
    return add(new Lifecycle(nanos(start), nanos(start + 1), NODE, SESSION, List.of(entries)));
  }

  Recorded wait(long start, long end, long after, @Nullable Long timeoutAtMillis) {
    return add(new Wait(nanos(start), nanos(end), NODE, "w", STREAM, after, timeoutAtMillis));
  }

  Recorded waitLook(
      long start, String status, @Nullable String output, @Nullable Long completedAtMillis) {
    return add(
        new WaitLook(nanos(start), nanos(start + 1), NODE, "w", status, output, completedAtMillis));
  }

  Recorded fault(long start, long end) {
    return add(new Fault(nanos(start), nanos(end), NODE, "kill -9", nanos(end), "by hand"));
  }

  Recorded add(Operation operation) {
    operations.add(operation);
    return this;
  }

  History history() {
    return new History(operations);
  }

  static List<Item> items(long from, String... data) {
    return IntStream.range(0, data.length).mapToObj(i -> new Item(from + i, data[i])).toList();
  }

  private static long nanos(long millis) {
    return millis * 1_000_000;
  }
}
