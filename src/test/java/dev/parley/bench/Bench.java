package dev.parley.bench;

import dev.parley.journal.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs all benchmarks, or those named on the command line: start, append, live, catchup, s2,
 * memory, wake, renew, due, messages, lists, projection, cluster.
 */
public final class Bench {
  private static final int BODY = 256;

  /**
   * What an append of {@link #BODY} bytes comes to in the journal, envelope and part id included.
   */
  private static final int STORED = BODY + 90;

  /** The compiler needs half a minute of a machine of two cores before figures hold still. */
  private static final double WARM_UP = 30;

  /**
   * Machines drift: each figure is the median of so many rounds, each with a raw limit of its own.
   */
  private static final int ROUNDS = 5;

  private final Table table = new Table();
  private final Path directory;

  private Bench(Path directory) {
    this.directory = directory;
  }

  private interface Part {
    void run() throws Exception;
  }

  public static void main(String[] args) throws Exception {
    Set<String> names = Set.of(args);
    Bench bench = new Bench(Files.createTempDirectory(Path.of("target"), "bench-"));
    LifeBench life = new LifeBench(bench.directory, bench.table);
    ListBench lists = new ListBench(bench.directory, bench.table);
    ProjectionBench projection = new ProjectionBench(bench.directory, bench.table);
    ClusterBench cluster = new ClusterBench(bench.directory, bench.table);
    Map<String, Part> parts = new LinkedHashMap<>();
    parts.put("start", bench::start);
    parts.put("append", bench::appends);
    parts.put("live", bench::live);
    parts.put("catchup", bench::catchUp);
    parts.put("s2", bench::s2);
    parts.put("memory", bench::memory);
    parts.put("wake", life::wake);
    parts.put("renew", life::renew);
    parts.put("due", life::due);
    parts.put("messages", life::messages);
    parts.put("lists", lists::lists);
    parts.put("projection", projection::projection);
    parts.put("cluster", cluster::cluster);
    for (Map.Entry<String, Part> part : parts.entrySet()) {
      if (names.isEmpty() || names.contains(part.getKey())) {
        part.getValue().run();
      }
    }
    bench.table.write(
        Path.of("target", "bench", "table.md"),
        "%s, %d processors, %s, Java %s"
            .formatted(
                System.getProperty("os.name"),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.arch"),
                System.getProperty("java.version")));
  }

  private void start() throws Exception {
    Path data = directory.resolve("start");
    List<Long> millis = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      try (ParleyServer server = ParleyServer.start(data, null, Map.of())) {
        millis.add(server.startMillis());
      }
    }
    long empty = millis.remove(0);
    Collections.sort(millis);
    table.row("start on an empty directory", empty / 1000.0 + " s", "10 s", "");
    table.row("start on an existing directory", millis.get(1) / 1000.0 + " s", "6 s", "");
  }

  private void appends() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory.resolve("append-db"));
        ParleyServer server =
            ParleyServer.start(directory.resolve("append"), postgres.address(), Map.of())) {
      List<String> sessions = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        sessions.add(server.createSession("append-" + i));
      }
      List<String> same = Collections.nCopies(64, server.createSession("append-one"));
      List<String> single = List.of(server.createSession("append-alone"));
      AppendLoad.run(server, sessions, BODY, 0, WARM_UP);
      AppendLoad.run(server, same, BODY, 0, WARM_UP / 3);
      Rounds many = new Rounds();
      Rounds one = new Rounds();
      Rounds alone = new Rounds();
      for (int round = 0; round < ROUNDS; round++) {
        double raw = RawPostgres.journalRowsPerSecond(postgres.address(), 8, STORED);
        many.add(AppendLoad.run(server, sessions, BODY, 1, 5), raw);
        one.add(AppendLoad.run(server, same, BODY, 1, 5), raw);
        double rawOne = RawPostgres.journalRowsPerSecond(postgres.address(), 1, STORED);
        alone.add(AppendLoad.run(server, single, BODY, 1, 4), rawOne);
      }
      double bare = RawPostgres.bareRowsPerSecond(postgres.address(), 8, BODY);
      String of8 =
          " insert + commit/s of 8 connections (autocommit, bare rows: %.0f)".formatted(bare);
      many.report(
          table, "64 sessions, 1 append in flight each", "records", "ratio 1.2, p99 20 ms", of8);
      one.report(table, "1 session, 64 appends in flight", "records", "ratio 1.5, p99 20 ms", of8);
      alone.report(
          table, "1 writer alone", "records", "p50 1 ms", " insert + commit/s of 1 connection");
    }
  }

  private void live() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory.resolve("live-db"));
        ParleyServer server =
            ParleyServer.start(directory.resolve("live"), postgres.address(), Map.of())) {
      warmUp(server);
      double raw = RawPostgres.journalRowsPerSecond(postgres.address(), 1, STORED);
      String limit = format("%.2f ms for one commit", 1000 / raw);
      String key = server.createSession("live");
      Latencies one = LiveLoad.run(server, key, 1, 0, 100, 500, 2_000);
      latency("append to SSE at 100/s", one, "p50 2 ms, p99 8 ms", limit);
      Latencies many = LiveLoad.run(server, key, 200, 0, 30, 150, 600);
      latency("200 readers at 30 records/s", many, "p99 40 ms", limit);
      Latencies stalled = LiveLoad.run(server, key, 200, 1, 30, 60, 600);
      latency("200 readers, and one that never reads", stalled, "p99 40 ms", limit);
    }
  }

  private void warmUp(ParleyServer server) throws Exception {
    List<String> sessions = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      sessions.add(server.createSession("warm-" + i));
    }
    AppendLoad.run(server, sessions, BODY, 0, WARM_UP / 2);
  }

  private void latency(String what, Latencies latencies, String wanted, String limit) {
    table.row(
        what,
        format("p50 %.2f ms, p99 %.2f ms", latencies.percentile(0.5), latencies.percentile(0.99)),
        wanted,
        limit);
  }

  private void catchUp() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory.resolve("catch-up-db"));
        ParleyServer server =
            ParleyServer.start(directory.resolve("catch-up"), postgres.address(), Map.of())) {
      for (int size : new int[] {1 << 10, 1 << 16}) {
        String key = server.createSession("catch-up-" + size);
        int records = (64 << 20) / size;
        CatchUpLoad.fill(server, key, records, size);
        long bytes = (long) records * size;
        for (int i = 0; i < 30; i++) {
          CatchUpLoad.megabytesPerSecond(server, key, bytes);
        }
        List<Double> rates = new ArrayList<>();
        List<Double> raw = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
          rates.add(CatchUpLoad.megabytesPerSecond(server, key, bytes));
          raw.add(CatchUpLoad.rawMegabytesPerSecond(postgres.address(), bytes));
        }
        table.row(
            "catch-up of 64 MiB by one reader, records of " + (size >> 10) + " KiB",
            format("%.0f MB/s (median of 15, warm)", median(rates)),
            size == 1 << 10 ? "150 MB/s" : "300 MB/s",
            format("%.0f MB/s of bare rows", median(raw)));
      }
    }
  }

  private void s2() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory.resolve("s2-db"));
        ParleyServer server =
            ParleyServer.start(directory.resolve("s2"), postgres.address(), Map.of())) {
      S2Target stream = S2Target.of(server, server.createSession("s2"));
      for (int perInput : new int[] {1, 100, 1_000}) {
        int inFlight = perInput == 1 ? 256 : perInput == 100 ? 64 : 16;
        S2Load.append(stream, perInput, BODY, inFlight, 0, WARM_UP / 2);
        List<Double> rates = new ArrayList<>();
        List<Double> p99 = new ArrayList<>();
        List<Double> copies = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
          copies.add(RawPostgres.copiedRowsPerSecond(postgres.address(), BODY));
          S2Load.Result result = S2Load.append(stream, perInput, BODY, inFlight, 1, 5);
          rates.add(result.perSecond());
          p99.add(result.latencies().percentile(0.99));
        }
        double client;
        try (S2Sink sink = new S2Sink()) {
          client = S2Load.append(sink.target(), perInput, BODY, inFlight, 2, 4).perSecond();
        }
        table.row(
            "append session, %d records per input, %d inputs in flight"
                .formatted(perInput, inFlight),
            format("%.0f records/s, ack p99 %.1f ms", median(rates), median(p99)),
            perInput == 1 ? "20 000/s, p99 100 ms" : perInput == 100 ? "150 000/s" : "",
            format(
                "ratio %.2f of %.0f rows/s by COPY, 1 000 a commit; load against memory: %.0f/s",
                median(rates) / median(copies), median(copies), client));
      }
      readSession(server, postgres);
    }
  }

  private void readSession(ParleyServer server, EmbeddedPostgres postgres) throws Exception {
    S2Target stream = S2Target.of(server, server.createSession("s2-read"));
    int size = 1 << 10;
    int records = (64 << 20) / size;
    S2Load.fill(stream, records, size);
    List<Double> rates = new ArrayList<>();
    for (int i = 0; i < 45; i++) {
      double rate = S2Load.read(stream, 64L << 20, records);
      if (i >= 30) {
        rates.add(rate);
      }
    }
    double raw = CatchUpLoad.rawMegabytesPerSecond(postgres.address(), 64L << 20);
    table.row(
        "read session of 64 MiB, records of 1 KiB",
        format("%.0f MB/s (median of 15, warm)", median(rates)),
        "100 MB/s",
        format("%.0f MB/s of bare rows", raw));
  }

  private void memory() throws Exception {
    int count = 10_000;
    Map<String, String> sleepAfterAMinute =
        Map.of(
            "pekko.cluster.sharding.passivation.default-idle-strategy.idle-entity.timeout", "60s");
    try (ParleyServer server =
        ParleyServer.start(directory.resolve("memory"), null, sleepAfterAMinute)) {
      touch(server, "warm-up-", 2_000);
      Thread.sleep(75_000);
      long none = Heap.liveBytes(server.pid());
      touch(server, "memory-", count);
      Thread.sleep(12_000);
      long awake = Heap.liveBytes(server.pid());
      Thread.sleep(75_000);
      long asleep = Heap.liveBytes(server.pid());
      table.row(
          "heap of an awake, idle session with one record",
          format("%.1f KiB", (awake - none) / 1024.0 / count),
          "8 KiB",
          "");
      table.row(
          "heap of a passivated session",
          format("%.2f KiB", (asleep - none) / 1024.0 / count),
          "none",
          "");
    }
  }

  /** Creates sessions and appends one record to each. */
  private static void touch(ParleyServer server, String prefix, int count) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(16);
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String key = prefix + i;
      running.add(
          threads.submit(
              () -> {
                server.createSession(key);
                try (HttpConnection connection = new HttpConnection(server.port())) {
                  connection.exchange(
                      HttpConnection.request(
                          "POST",
                          "/realtime/v1/sessions/" + key + "/in/append",
                          "X-Part-Id: one\r\n",
                          new byte[BODY]));
                }
                return null;
              }));
    }
    for (Future<?> future : running) {
      future.get();
    }
    threads.shutdown();
  }

  private static double median(List<Double> figures) {
    return figures.stream().sorted().toList().get(figures.size() / 2);
  }

  private static String format(String pattern, Object... arguments) {
    return String.format(Locale.ROOT, pattern, arguments);
  }
}
