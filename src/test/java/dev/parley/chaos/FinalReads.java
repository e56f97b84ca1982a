package dev.parley.chaos;

import dev.parley.chaos.Worker.Load;
import dev.parley.chaos.history.Operation.Read;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;

/** What every node shows when everything is over. */
final class FinalReads {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Load load;
  private final SessionCalls calls;
  private final StreamCalls streams;

  FinalReads(Load load) {
    this.load = load;
    this.calls = new SessionCalls(load);
    this.streams = new StreamCalls(load);
  }

  /** Reads a stream from all nodes; how many records it has. */
  int stream(String stream) {
    int[] records = new int[1];
    everywhere(
        node -> {
          Read read = streams.read(node, stream, 0, true);
          if (read != null) {
            records[0] = Math.max(records[0], read.items().size());
          }
          return read != null;
        });
    return records[0];
  }

  void endedSession(String session) {
    stream(session + "/in");
    stream(session + "/out");
    everywhere(node -> calls.look(node, session));
    everywhere(node -> calls.lifecycle(node, session));
  }

  void waitpoint(String waitpoint) {
    everywhere(node -> Waiters.look(load, node, waitpoint));
  }

  /** Asks each node until it answers, or its patience is over; then nothing is written down. */
  private void everywhere(IntPredicate request) {
    for (int node = 0; node < load.http().nodes(); node++) {
      int asked = node;
      until(() -> request.test(asked));
    }
  }

  /** Asks one node after the other until one says yes. */
  static void until(Load load, IntPredicate request) {
    int[] node = new int[1];
    if (!until(() -> request.test(node[0]++ % load.http().nodes()))) {
      throw new IllegalStateException("No node does it within " + PATIENCE);
    }
  }

  private static boolean until(BooleanSupplier request) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      if (request.getAsBoolean()) {
        return true;
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    return false;
  }
}
