package dev.parley.bench;

import dev.parley.journal.DatabaseAddress;
import dev.parley.journal.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** What it costs that a request lands on another node than its session, with all on one machine. */
final class ClusterBench {
  private static final int NODES = 3;
  private static final int SESSIONS = 64;
  private static final int BODY = 256;
  private static final int ROUNDS = 5;
  private static final double WARM_UP = 30;
  private static final double SECONDS = 6;

  private final Path directory;
  private final Table table;

  ClusterBench(Path directory, Table table) {
    this.directory = directory;
    this.table = table;
  }

  /**
   * @param cpu seconds that all nodes use for a thousand appends
   */
  private record Round(double perSecond, double p50, double p99, double cpu) {}

  void cluster() throws Exception {
    List<ParleyServer> one = new ArrayList<>();
    List<ParleyServer> three = new ArrayList<>();
    try (EmbeddedPostgres alone = EmbeddedPostgres.start(directory.resolve("cluster-db-1"));
        EmbeddedPostgres shared = EmbeddedPostgres.start(directory.resolve("cluster-db-3"))) {
      try {
        start(one, 1, alone.address());
        start(three, NODES, shared.address());
        appends(one, three);
        live(one, three);
      } finally {
        for (ParleyServer server : one) {
          server.close();
        }
        for (ParleyServer server : three) {
          server.close();
        }
      }
    }
  }

  private void start(List<ParleyServer> nodes, int count, DatabaseAddress database)
      throws IOException {
    List<Integer> ports = IntStream.range(0, count).mapToObj(i -> freePort()).toList();
    String seeds = String.join(",", ports.stream().map(port -> "127.0.0.1:" + port).toList());
    for (int port : ports) {
      Map<String, String> properties = new LinkedHashMap<>();
      properties.put("parley.cluster.port", Integer.toString(port));
      if (count > 1) {
        properties.put("parley.cluster.seed-nodes", seeds);
      }
      nodes.add(
          ParleyServer.start(directory.resolve("cluster-node-" + port), database, properties));
    }
  }

  private void appends(List<ParleyServer> one, List<ParleyServer> three) throws Exception {
    List<String> sessions = new ArrayList<>();
    for (int i = 0; i < SESSIONS; i++) {
      one.get(0).createSession("spread-" + i);
      sessions.add(three.get(i % NODES).createSession("spread-" + i));
    }
    AppendLoad.run(one, sessions, BODY, 0, WARM_UP);
    AppendLoad.run(three, sessions, BODY, 0, 2 * WARM_UP);
    List<Round> alone = new ArrayList<>();
    List<Round> together = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      alone.add(round(one, sessions));
      together.add(round(three, sessions));
    }
    report("1 node", alone);
    report("3 nodes, each taking a third of the requests", together);
    double hops = (NODES - 1.0) / NODES;
    double hop = (median(together, Round::cpu) - median(alone, Round::cpu)) / hops;
    table.row(
        "an append that lands on another node than its session",
        format(
            "2 messages, %.3f ms of CPU and %.2f ms at the median more than one that does not",
            hop, (median(together, Round::p50) - median(alone, Round::p50)) / hops),
        "",
        format("%.2f of the requests land elsewhere; 100 shards", hops));
  }

  private static Round round(List<ParleyServer> servers, List<String> sessions) throws Exception {
    RequestLoad.Result load = AppendLoad.run(servers, sessions, BODY, 1, SECONDS);
    return new Round(
        load.perSecond(),
        load.latencies().percentile(0.5),
        load.latencies().percentile(0.99),
        1000 * load.serverCpu() / load.perSecond());
  }

  private void report(String nodes, List<Round> rounds) {
    table.row(
        "64 sessions, 1 append in flight each, " + nodes,
        format(
            "%.0f records/s, p50 %.2f ms, p99 %.2f ms; %.3f s of CPU for 1 000 appends",
            median(rounds, Round::perSecond),
            median(rounds, Round::p50),
            median(rounds, Round::p99),
            median(rounds, Round::cpu)),
        "",
        "");
  }

  private void live(List<ParleyServer> one, List<ParleyServer> three) throws Exception {
    live("1 node", one.get(0), one.get(0));
    live("3 nodes, written to one and read from another", three.get(0), three.get(1));
  }

  /** Several sessions, since it matters where they live. */
  private void live(String nodes, ParleyServer writers, ParleyServer readers) throws Exception {
    List<Latencies> all = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      String key = writers.createSession("live-" + i);
      all.add(LiveLoad.run(readers, writers, key, 1, 0, 100, 200, 500));
    }
    Latencies live = Latencies.of(all);
    table.row(
        "append to SSE at 100/s, " + nodes,
        format("p50 %.2f ms, p99 %.2f ms", live.percentile(0.5), live.percentile(0.99)),
        "",
        "");
  }

  private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
    return rounds.stream().mapToDouble(figure).sorted().toArray()[rounds.size() / 2];
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
