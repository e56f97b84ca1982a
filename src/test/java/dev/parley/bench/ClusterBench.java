package dev.parley.bench;

import dev.parley.FreePort;
import dev.parley.journal.DatabaseAddress;
import dev.parley.journal.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** What it costs that a request lands on another node than its session, with all on one machine. */
final class ClusterBench {
  private static final int NODES = 3;
  private static final int SESSIONS = 64;
  private static final int BODY = 256;
  private static final int ROUNDS = 5;
  private static final double WARM_UP = 25;
  private static final double SECONDS = 5;
  private static final int FEW = 2;
  private static final int IDLE = 15;

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
        idle("1 node", one);
        idle("3 nodes", three);
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
    List<Integer> ports =
        IntStream.range(0, count).mapToObj(i -> FreePort.on("127.0.0.1")).toList();
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
    List<ParleyServer> owners = new ArrayList<>();
    List<ParleyServer> others = new ArrayList<>();
    for (int i = 0; i < SESSIONS; i++) {
      sessions.add(one.get(0).createSession("spread-" + i));
      int owner = owner(three, "spread-" + i);
      owners.add(three.get(owner));
      others.add(three.get((owner + 1) % NODES));
    }
    AppendLoad.run(one, sessions, BODY, 0, WARM_UP);
    AppendLoad.run(owners, sessions, BODY, 0, WARM_UP);
    AppendLoad.run(others, sessions, BODY, 0, WARM_UP);
    List<Round> alone = new ArrayList<>();
    List<Round> near = new ArrayList<>();
    List<Round> far = new ArrayList<>();
    List<Round> unhurried = new ArrayList<>();
    List<Round> unhurriedFar = new ArrayList<>();
    List<String> few = sessions.subList(0, FEW);
    for (int round = 0; round < ROUNDS; round++) {
      alone.add(round(one, sessions));
      near.add(round(owners, sessions));
      far.add(round(others, sessions));
      unhurried.add(round(owners.subList(0, FEW), few));
      unhurriedFar.add(round(others.subList(0, FEW), few));
    }
    report("64 sessions, 1 node", alone);
    report("64 sessions, 3 nodes, each request at its session's node", near);
    report("64 sessions, 3 nodes, each request at another node", far);
    report("2 sessions, 3 nodes, each request at its session's node", unhurried);
    report("2 sessions, 3 nodes, each request at another node", unhurriedFar);
    table.row(
        "the hop of an append to its session's node and back",
        format(
            "%.3f ms of CPU; %.2f ms at the median with 2 sessions, %.2f ms with 64",
            median(far, Round::cpu) - median(near, Round::cpu),
            median(unhurriedFar, Round::p50) - median(unhurried, Round::p50),
            median(far, Round::p50) - median(near, Round::p50)),
        "",
        "2 messages for an append; 100 shards");
  }

  /** Creates a session and looks which node has counted it. */
  private static int owner(List<ParleyServer> nodes, String externalId) throws IOException {
    List<Double> before = new ArrayList<>();
    for (ParleyServer node : nodes) {
      before.add(opened(node));
    }
    nodes.get(0).createSession(externalId);
    for (int i = 0; i < nodes.size(); i++) {
      if (opened(nodes.get(i)) > before.get(i)) {
        return i;
      }
    }
    throw new IllegalStateException("no node has counted " + externalId);
  }

  private static double opened(ParleyServer node) throws IOException {
    try (HttpConnection connection = new HttpConnection(node.port())) {
      byte[] metrics =
          connection.exchange(HttpConnection.request("GET", "/metrics", "", new byte[0]));
      return new String(metrics, StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith("parley_sessions_opened_total"))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
          .sum();
    }
  }

  /** What nodes use that have nothing to do. */
  private void idle(String nodes, List<ParleyServer> servers) throws InterruptedException {
    double before = servers.stream().mapToDouble(ParleyServer::cpuSeconds).sum();
    TimeUnit.SECONDS.sleep(IDLE);
    double used = servers.stream().mapToDouble(ParleyServer::cpuSeconds).sum() - before;
    table.row("CPU of " + nodes + " with nothing to do", format("%.3f", used / IDLE), "", "");
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
        "1 append in flight each: " + nodes,
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

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
