package dev.parley.ops.doctor;

import dev.parley.journal.DatabaseAddress;
import dev.parley.journal.DatabaseInspection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** The nodes: whether their addresses answer, and how many are in the cluster by the database. */
public final class ClusterExamination implements Callable<List<Check>> {
  public static final String NAME = "cluster";

  private static final Duration CONNECT_LIMIT = Duration.ofMillis(1_000);

  private final List<String> seeds;
  private final DatabaseAddress database;
  private final Clock clock;

  /**
   * @param seeds {@code host:port} of all nodes; empty for a cluster of one
   */
  public ClusterExamination(List<String> seeds, DatabaseAddress database, Clock clock) {
    this.seeds = List.copyOf(seeds);
    this.database = database;
    this.clock = clock;
  }

  @Override
  public List<Check> call() throws SQLException {
    if (seeds.isEmpty()) {
      return List.of(Check.ok(NAME, "a cluster of one (PARLEY_SEED_NODES is not set)"));
    }
    List<String> silent = new ArrayList<>();
    for (String seed : seeds) {
      if (!answers(seed)) {
        silent.add(seed);
      }
    }
    int members = DatabaseInspection.of(database, clock).members();
    String value =
        "%d of %d nodes reachable, %d in the cluster"
            .formatted(seeds.size() - silent.size(), seeds.size(), members);
    if (silent.isEmpty() && members >= seeds.size()) {
      return List.of(Check.ok(NAME, value));
    }
    String remedy =
        silent.isEmpty()
            ? "Look into the logs of the nodes that did not join"
            : "Start " + String.join(", ", silent) + ", or open the network to there";
    return List.of(
        members == 0 ? Check.fail(NAME, value, remedy) : Check.warn(NAME, value, remedy));
  }

  private static boolean answers(String seed) {
    int colon = seed.lastIndexOf(':');
    InetSocketAddress address =
        new InetSocketAddress(
            seed.substring(0, colon), Integer.parseInt(seed.substring(colon + 1)));
    try (Socket socket = new Socket()) {
      socket.connect(address, (int) CONNECT_LIMIT.toMillis());
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
