package dev.parley.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.chaos.history.Operation.Follow;
import dev.parley.chaos.history.Operation.Item;
import dev.parley.chaos.history.Operation.Seen;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import okhttp3.Response;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * Follows a stream over SSE and goes on behind what it has seen, on the next node, whenever the
 * connection fails or says nothing for too long.
 */
final class LiveReader extends Worker {
  /** The writers of its stream are never silent for so long while all is well. */
  static final Duration SILENCE = Duration.ofSeconds(4);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String stream;
  private long next;
  private @Nullable Long lostAt;
  private volatile long wanted = Long.MAX_VALUE;

  LiveReader(Load load, String stream) {
    super(load, "live:" + stream);
    this.stream = stream;
  }

  String stream() {
    return stream;
  }

  /** Lets it end when it has seen so many records, from number 0 on. */
  void finishAt(long records) {
    wanted = records;
  }

  @Override
  public void run() {
    while (next < wanted && !isFinishing()) {
      follow();
      afterFailure();
    }
  }

  private void follow() {
    long from = next;
    int node = node();
    List<Seen> seen = new ArrayList<>();
    @Nullable Long followedAt = null;
    long start = load.recorder().now();
    Map<String, String> headers =
        from == 0
            ? Map.of("Timeout-Seconds", "60")
            : Map.of("Timeout-Seconds", "60", "Last-Event-ID", Long.toString(from - 1));
    try (Response response = load.http().open(node, "/realtime/v1/sessions/" + stream, headers)) {
      BufferedSource lines = response.body().source();
      while (response.code() == 200 && next < wanted && !isFinishing()) {
        String line = lines.readUtf8Line();
        if (line == null) {
          break;
        }
        if (line.startsWith("data: {")) {
          long at = load.recorder().now();
          followedAt = followedAt == null ? at : followedAt;
          see(line.substring(6), at, seen);
        }
      }
    } catch (IOException e) {
      // The node went away or says nothing; the next one goes on.
    }
    long end = load.recorder().now();
    load.recorder()
        .add(new Follow(start, end, node, stream, from, seen, followedAt, lostAt, next >= wanted));
    lostAt = followedAt == null && lostAt != null ? lostAt : Long.valueOf(end);
  }

  private void see(String data, long at, List<Seen> seen) throws IOException {
    var event = JSON.readTree(data);
    if (event.has("records")) {
      for (Item item : ShownRecords.ofBatch(event)) {
        seen.add(new Seen(item.seq(), item.data(), at));
        next = item.seq() + 1;
      }
    }
  }
}
