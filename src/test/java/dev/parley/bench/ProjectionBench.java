package dev.parley.bench;

import dev.parley.bench.FollowedServer.Follower;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** What it costs that figures follow the journal, and how soon they do. */
final class ProjectionBench {
  private static final int ROUNDS = 7;
  private static final int TRIES = 30;

  /** Longer than figures lag behind, so that their work falls into the round. */
  private static final double SECONDS = 10;

  private final Path directory;
  private final Table table;

  ProjectionBench(Path directory, Table table) {
    this.directory = directory;
    this.table = table;
  }

  /**
   * @param settledMillis until the counters were exact behind the last append
   * @param serverCpu seconds for each thousand appends until then, like the following
   */
  private record Round(
      RequestLoad.Result load,
      double settledMillis,
      double serverCpu,
      double postgresCpu,
      double clickHouseCpu) {}

  void projection() throws Exception {
    try (FollowedServer nobody = start(Follower.NOBODY);
        FollowedServer postgres = start(Follower.POSTGRES);
        FollowedServer clickHouse = start(Follower.CLICKHOUSE)) {
      Map<Follower, FollowedServer> servers = new EnumMap<>(Follower.class);
      servers.put(Follower.NOBODY, nobody);
      servers.put(Follower.POSTGRES, postgres);
      servers.put(Follower.CLICKHOUSE, clickHouse);
      for (FollowedServer server : servers.values()) {
        server.append(0, 25);
        server.awaitExact(Instant.EPOCH, 0);
      }
      Map<Follower, List<Round>> rounds = new EnumMap<>(Follower.class);
      for (int round = 0; round < ROUNDS; round++) {
        for (int turn = 0; turn < servers.size(); turn++) {
          Follower follower = Follower.values()[(turn + round) % servers.size()];
          rounds
              .computeIfAbsent(follower, any -> new ArrayList<>())
              .add(round(servers.get(follower)));
        }
      }
      rounds.forEach((follower, figures) -> report(follower, figures, rounds));
      follow("PostgreSQL", postgres);
      follow("ClickHouse", clickHouse);
    }
  }

  private FollowedServer start(Follower follower) throws Exception {
    return FollowedServer.start(
        follower, directory.resolve("projection-" + follower.name().toLowerCase(Locale.ROOT)));
  }

  private static Round round(FollowedServer server) throws Exception {
    long before = server.sent();
    Instant since = Instant.now();
    double serverCpu = server.server().cpuSeconds();
    double postgresCpu = server.postgresCpu();
    double clickHouseCpu = Cpu.ofClickHouse();
    RequestLoad.Result load = server.append(1, SECONDS);
    double settled = server.awaitExact(since, before);
    double thousands = (server.sent() - before) / 1000.0;
    return new Round(
        load,
        settled,
        (server.server().cpuSeconds() - serverCpu) / thousands,
        (server.postgresCpu() - postgresCpu) / thousands,
        (Cpu.ofClickHouse() - clickHouseCpu) / thousands);
  }

  private void report(
      Follower follower, List<Round> figures, Map<Follower, List<Round>> everybodys) {
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      ratios.add(
          figures.get(round).load().perSecond()
              / everybodys.get(Follower.NOBODY).get(round).load().perSecond());
    }
    String who =
        switch (follower) {
          case NOBODY -> "nobody counts";
          case POSTGRES -> "counted in PostgreSQL";
          case CLICKHOUSE -> "counted in ClickHouse on the same machine";
        };
    table.row(
        "64 sessions, 1 append in flight each, " + who,
        format(
            "%.0f records/s, p50 %.2f ms, p99 %.2f ms; %.2f of those that nobody counts (%s); CPU"
                + " for 1 000 appends: server %.3f s, PostgreSQL %.3f s, ClickHouse %.3f s; exact %.0f"
                + " ms behind the load",
            median(figures, round -> round.load().perSecond()),
            median(figures, round -> round.load().latencies().percentile(0.5)),
            median(figures, round -> round.load().latencies().percentile(0.99)),
            ratios.stream().sorted().toList().get(ROUNDS / 2),
            ratios.stream().sorted().map(ratio -> format("%.2f", ratio)).toList(),
            median(figures, Round::serverCpu),
            median(figures, Round::postgresCpu),
            median(figures, Round::clickHouseCpu),
            median(figures, Round::settledMillis)),
        follower == Follower.NOBODY ? "" : "0.9",
        "");
  }

  /** How soon a store has what happened. */
  private void follow(String store, FollowedServer server) throws Exception {
    Latencies created = new Latencies();
    Latencies one = new Latencies();
    Latencies burst = new Latencies();
    try (HttpConnection connection = new HttpConnection(server.server().port())) {
      for (int i = 0; i < TRIES; i++) {
        // Not in step with whoever looks once a second.
        TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(1000));
        created.add(nanos(server.createAndFind("found-" + i)));
        TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(1000));
        long before = server.sent();
        Instant since = Instant.now();
        server.appendOne(connection);
        one.add(nanos(server.awaitExact(since, before)));
      }
      for (int i = 0; i < TRIES; i++) {
        long before = server.sent();
        Instant since = Instant.now();
        server.append(0, 0.5 + ThreadLocalRandom.current().nextDouble(0.5));
        burst.add(nanos(server.awaitExact(since, before)));
      }
    }
    follow("counters exact behind an append, " + store, one, "2 s");
    follow("the same behind 64 writers, " + store, burst, "2 s");
    follow("row of a new session behind its acknowledgement, " + store, created, "1 s");
  }

  private void follow(String what, Latencies latencies, String wanted) {
    Latencies sorted = latencies.sorted();
    table.row(
        what,
        format(
            "p50 %.0f ms, max %.0f ms of %d", sorted.percentile(0.5), sorted.percentile(1), TRIES),
        wanted,
        "");
  }

  private static long nanos(double millis) {
    return (long) (millis * 1e6);
  }

  private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
    double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static String format(String pattern, Object... arguments) {
    return String.format(Locale.ROOT, pattern, arguments);
  }
}
