package dev.parley.chaos;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Waits until every node has served for a while without an interruption. */
final class Quiet {
  /** A node that stood still may notice only after some seconds that it was removed. */
  static final Duration SETTLED = Duration.ofSeconds(8);

  private static final Duration PAUSE = Duration.ofMillis(250);
  private static final Duration PATIENCE = Duration.ofSeconds(180);

  private final Cluster cluster;
  private final NodeClient http;
  private final List<String> sessions;
  private int asked;

  /**
   * @param sessions each node is asked for one of them each time
   */
  Quiet(Cluster cluster, NodeClient http, List<String> sessions) {
    this.cluster = cluster;
    this.http = http;
    this.sessions = sessions;
  }

  /**
   * Returns when all have served for so long.
   *
   * @return for how long they have
   * @throws IllegalStateException when that does not come to be within minutes
   */
  Duration await(Duration length) {
    long begin = System.nanoTime();
    long since = 0;
    while (since == 0 || System.nanoTime() - since < length.toNanos()) {
      long now = System.nanoTime();
      if (!allServe()) {
        since = 0;
      } else if (since == 0) {
        since = now;
      }
      if (System.nanoTime() - begin > PATIENCE.toNanos() + length.toNanos()) {
        throw new IllegalStateException("The cluster does not serve again within " + PATIENCE);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    return Duration.ofNanos(System.nanoTime() - since);
  }

  private boolean allServe() {
    boolean all = cluster.isReady();
    for (int node = 0; node < http.nodes(); node++) {
      String session = sessions.get(asked++ % sessions.size());
      all &= http.get(node, "/api/v1/sessions/" + session).isOk();
    }
    return all;
  }
}
