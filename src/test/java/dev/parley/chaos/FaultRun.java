package dev.parley.chaos;

import dev.parley.chaos.Worker.Load;
import dev.parley.chaos.history.DueLimits;
import dev.parley.chaos.history.History;
import dev.parley.chaos.history.HistoryChecker;
import dev.parley.chaos.history.Operation.Fault;
import dev.parley.chaos.history.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One run: a cluster, its clients, a schedule of faults, and the judgement. */
final class FaultRun {
  /** Where histories and logs of runs go. */
  static final Path DIRECTORY = Path.of("target", "chaos").toAbsolutePath();

  private final Plan plan;
  private final Path directory;
  private final List<String> problems = new ArrayList<>();

  /**
   * What is to be done.
   *
   * @param length no fault begins later, and the load ends with the last one; without faults, of
   *     the load
   * @param sabotage null for the server as it is
   */
  record Plan(
      long seed,
      Duration length,
      int nodes,
      Clients clients,
      List<PlannedFault> faults,
      @Nullable Sabotage sabotage) {}

  /**
   * What came out.
   *
   * @param problems of the cluster that no history shows, in words
   * @param ends of nodes by themselves, in words
   * @param directory of the history and the logs
   */
  record Result(
      History history,
      List<Violation> violations,
      List<String> problems,
      String ends,
      Path directory) {
    boolean isGood() {
      return violations.isEmpty() && problems.isEmpty();
    }
  }

  private FaultRun(Plan plan, Path directory) {
    this.plan = plan;
    this.directory = directory;
  }

  static Result run(Plan plan) throws IOException, InterruptedException {
    Files.createDirectories(DIRECTORY);
    Path directory = Files.createTempDirectory(DIRECTORY, "seed-" + plan.seed() + "-");
    return new FaultRun(plan, directory).run();
  }

  private Result run() throws IOException, InterruptedException {
    History history;
    String ends;
    try (Cluster cluster = Cluster.start(plan.nodes(), directory, plan.sabotage());
        NodeClient http = new NodeClient(cluster.urls(), Cluster.KEY, LiveReader.SILENCE);
        Recorder recorder = new Recorder(directory.resolve("history.ndjson"), plan.seed())) {
      Load load = new Load(http, recorder, plan.seed(), new AtomicBoolean());
      Workload workload = new Workload(load, plan.clients());
      Quiet quiet = new Quiet(cluster, http, workload.sessions());
      workload.start();
      try {
        faults(cluster, recorder, quiet);
        workload.finish();
      } catch (IllegalStateException e) {
        problems.add(e.toString());
        workload.abort();
      }
      problems.addAll(cluster.oddEnds());
      history = recorder.history();
      ends = "%d nodes ended by themselves".formatted(cluster.ownEnds());
    }
    List<Violation> violations = HistoryChecker.check(history, DueLimits.DEFAULT);
    Result result = new Result(history, violations, problems, ends, directory);
    if (result.isGood()) {
      delete(directory.resolve("postgres"));
    }
    return result;
  }

  private static void delete(Path directory) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(directory)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : all) {
      Files.delete(file);
    }
  }

  private void faults(Cluster cluster, Recorder recorder, Quiet quiet) {
    long deadline = System.nanoTime() + plan.length().toNanos();
    quiet.await(Duration.ZERO);
    for (PlannedFault planned : plan.faults()) {
      if (planned.kind().needsNetwork() && !cluster.canCutOff()) {
        continue;
      }
      quiet.await(planned.quiet());
      if (System.nanoTime() > deadline) {
        return;
      }
      long start = recorder.now();
      cluster.suffer(planned);
      long healed = recorder.now();
      Duration served = quiet.await(Quiet.SETTLED);
      recorder.add(
          new Fault(
              start,
              recorder.now() - served.toNanos(),
              planned.node(),
              planned.kind().title(),
              healed,
              planned.toString()));
    }
    if (plan.faults().isEmpty()) {
      quiet.await(plan.length());
    }
  }
}
