package dev.parley.bench;

import dev.parley.journal.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Runs all benchmarks, or those named on the command line. */
public final class Bench {
  private static final int BODY = 256;
  private static final double WARM_UP = 8;
  private static final double SECONDS = 10;

  private final Table table = new Table();
  private final Path directory;

  private Bench(Path directory) {
    this.directory = directory;
  }

  public static void main(String[] args) throws Exception {
    Set<String> names = Set.of(args);
    Path directory = Files.createTempDirectory(Path.of("target"), "bench-");
    Bench bench = new Bench(directory);
    if (names.isEmpty() || names.contains("append")) {
      bench.appends();
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

  private void appends() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory.resolve("append-db"));
        ParleyServer server =
            ParleyServer.start(directory.resolve("append"), postgres.address(), Map.of())) {
      List<String> sessions = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        sessions.add(server.createSession("append-" + i));
      }
      AppendLoad.Result many = AppendLoad.run(server, sessions, BODY, WARM_UP, SECONDS);
      double raw = RawPostgres.commitsPerSecond(postgres.address(), 8, BODY + 60, 3, SECONDS);
      AppendLoad.Result one =
          AppendLoad.run(
              server,
              Collections.nCopies(64, server.createSession("append-one")),
              BODY,
              WARM_UP,
              SECONDS);
      double rawAgain = RawPostgres.commitsPerSecond(postgres.address(), 8, BODY + 60, 3, SECONDS);
      AppendLoad.Result alone =
          AppendLoad.run(
              server, List.of(server.createSession("append-alone")), BODY, 3, SECONDS / 2);
      double rawAlone = RawPostgres.commitsPerSecond(postgres.address(), 1, BODY + 60, 2, 4);
      append(
          "64 sessions, 1 append in flight each",
          many,
          (raw + rawAgain) / 2,
          "ratio 1.2, p99 20 ms");
      append("1 session, 64 appends in flight", one, (raw + rawAgain) / 2, "ratio 1.5, p99 20 ms");
      append("1 writer alone", alone, rawAlone, "p50 1 ms");
    }
  }

  private void append(String what, AppendLoad.Result result, double raw, String wanted) {
    table.row(
        what,
        String.format(
            Locale.ROOT,
            "%.0f records/s, ratio %.2f, p50 %.2f ms, p99 %.2f ms, server %.2f CPU",
            result.perSecond(),
            result.perSecond() / raw,
            result.latencies().percentile(0.5),
            result.latencies().percentile(0.99),
            result.serverCpu()),
        wanted,
        String.format(Locale.ROOT, "%.0f commits/s", raw));
  }
}
