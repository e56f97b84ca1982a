package dev.parley.chaos;

import dev.parley.chaos.NodeClient.Answer;
import dev.parley.chaos.history.Operation.Item;
import dev.parley.chaos.history.Operation.Read;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks any node again and again what stands at the end of any stream. Where one node is avoided by
 * all others it asks that one alone, seldom and with patience: its questions of the time in which
 * the node stands still are answered when it goes on.
 */
final class TailReader extends Worker {
  private static final int OVERLAP = 5;

  private final List<String> streams;
  private final StreamAccess.Known known;
  private final Map<String, Long> tails = new HashMap<>();

  TailReader(Load load, int number, List<String> streams, StreamAccess.Known known) {
    super(load, "tail:" + number);
    this.streams = List.copyOf(streams);
    this.known = known;
  }

  @Override
  public void run() {
    while (!isFinishing()) {
      String stream = streams.get(random.nextInt(streams.size()));
      int node = load.avoided() < 0 ? anyNode() : load.avoided();
      Read read = random.nextBoolean() ? records(stream, node) : tail(stream, node);
      if (read != null) {
        load.recorder().add(read);
        tails.merge(stream, read.tail(), Math::max);
      }
      if (load.avoided() < 0) {
        pauseBetween(10, 60);
      } else {
        pauseBetween(2_000, 6_000);
      }
    }
  }

  private @Nullable Read records(String stream, int node) {
    long from = Math.max(0, tails.getOrDefault(stream, 0L) - OVERLAP);
    String after = from == 0 ? "" : "?afterEventId=" + (from - 1);
    long start = load.recorder().now();
    Answer answer = ask(node, "/realtime/v1/sessions/" + stream + "/records" + after, Map.of());
    long end = load.recorder().now();
    if (!answer.isOk()) {
      return null;
    }
    List<Item> items = ShownRecords.ofRecords(answer.json());
    return new Read(start, end, node, stream, from, items, false);
  }

  private @Nullable Read tail(String stream, int node) {
    StreamAccess access = known.of(stream, node);
    if (access == null) {
      return null;
    }
    long start = load.recorder().now();
    Answer answer = ask(node, access.path() + "/tail", access.headers());
    long end = load.recorder().now();
    if (!answer.isOk()) {
      return null;
    }
    long tail = answer.json().get("tail").get("seq_num").asLong();
    return new Read(start, end, node, stream, tail, List.of(), false);
  }

  private Answer ask(int node, String path, Map<String, String> headers) {
    return load.avoided() < 0
        ? load.http().get(node, path, headers)
        : load.http().getPatiently(node, path, headers);
  }
}
