package dev.parley.chaos;

import dev.parley.chaos.NodeClient.Answer;
import dev.parley.chaos.history.Operation.Read;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks any node again and again what stands at the end of any stream. */
final class TailReader extends Worker {
  private static final int OVERLAP = 5;

  private final List<String> streams;
  private final StreamAccess.Known known;
  private final StreamCalls calls;
  private final Map<String, Long> tails = new HashMap<>();

  TailReader(Load load, int number, List<String> streams, StreamAccess.Known known) {
    super(load, "tail:" + number);
    this.streams = List.copyOf(streams);
    this.known = known;
    this.calls = new StreamCalls(load);
  }

  @Override
  public void run() {
    while (!isFinishing()) {
      String stream = streams.get(random.nextInt(streams.size()));
      Read read = random.nextBoolean() ? records(stream, anyNode()) : tail(stream, anyNode());
      if (read != null) {
        tails.merge(stream, read.tail(), Math::max);
      }
      pauseBetween(10, 60);
    }
  }

  private @Nullable Read records(String stream, int node) {
    long from = Math.max(0, tails.getOrDefault(stream, 0L) - OVERLAP);
    return calls.read(node, stream, from, false);
  }

  private @Nullable Read tail(String stream, int node) {
    StreamAccess access = known.of(stream, node);
    if (access == null) {
      return null;
    }
    long start = load.recorder().now();
    Answer answer = load.http().get(node, access.path() + "/tail", access.headers());
    long end = load.recorder().now();
    if (!answer.isOk()) {
      return null;
    }
    long tail = answer.json().get("tail").get("seq_num").asLong();
    Read read = new Read(start, end, node, stream, tail, List.of(), false);
    load.recorder().add(read);
    return read;
  }
}
