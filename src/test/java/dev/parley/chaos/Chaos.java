package dev.parley.chaos;

import dev.parley.chaos.FaultRun.Plan;
import dev.parley.chaos.FaultRun.Result;
import dev.parley.chaos.history.DueLimits;
import dev.parley.chaos.history.Figures;
import dev.parley.chaos.history.History;
import dev.parley.chaos.history.HistoryChecker;
import dev.parley.chaos.history.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Many runs, one for each seed. System properties: {@code parley.chaos.seeds}, a list such as
 * {@code 1..20} or {@code 3,7}; {@code parley.chaos.seconds} of each run; {@code parley.jar}.
 */
public final class Chaos {
  private static final int NODES = 3;
  private static final int FAULTS = 100;
  private static final int SHOWN = 20;

  private final List<Long> seeds;
  private final Duration length;
  private final Figures figures = new Figures();
  private final List<Long> failed = new ArrayList<>();

  private Chaos(List<Long> seeds, Duration length) {
    this.seeds = seeds;
    this.length = length;
  }

  /**
   * Runs by the system properties.
   *
   * @param seeds unless the property says otherwise
   * @param seconds unless the property says otherwise
   */
  static Chaos of(String seeds, int seconds) {
    return new Chaos(
        seeds(System.getProperty("parley.chaos.seeds", seeds)),
        Duration.ofSeconds(Integer.getInteger("parley.chaos.seconds", seconds)));
  }

  /**
   * Without arguments: 20 runs of 3 minutes, or as the properties say; ends with code 1 when one
   * was bad. With the file of a history: judges it again.
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    boolean good;
    if (arguments.length > 0) {
      History history = History.read(Path.of(arguments[0]));
      List<Violation> violations = HistoryChecker.check(history, DueLimits.DEFAULT);
      show(violations);
      good = violations.isEmpty();
    } else {
      good = of("1..20", 180).run().isEmpty();
    }
    System.exit(good ? 0 : 1);
  }

  /** All runs, one after the other; the seeds of those that were bad. */
  List<Long> run() throws IOException, InterruptedException {
    if (!NamespaceNetwork.isPossible()) {
      System.out.println("Chaos: nodes can't be cut off here, which takes root and Linux's ip");
    }
    for (long seed : seeds) {
      List<PlannedFault> faults =
          FaultSchedule.of(seed, EnumSet.allOf(FaultKind.class), NODES, FAULTS);
      Result result = FaultRun.run(new Plan(seed, length, NODES, Clients.ALL, faults, null));
      figures.add(result.history());
      report(seed, result);
    }
    List<String> table = figures.table();
    table.forEach(System.out::println);
    Files.write(FaultRun.DIRECTORY.resolve("table.md"), table);
    return failed;
  }

  private void report(long seed, Result result) {
    System.out.printf(
        "Chaos: seed %d: %d operations, %s; %s; see %s%n",
        seed,
        result.history().operations().size(),
        result.isGood()
            ? "good"
            : result.violations().size() + " violations, " + result.problems().size() + " problems",
        result.ends(),
        result.directory());
    if (!result.isGood()) {
      failed.add(seed);
      result.problems().forEach(System.out::println);
      show(result.violations());
      System.out.printf(
          "Chaos: again with: mvn -Pchaos verify -Dparley.chaos.seeds=%d -Dparley.chaos.seconds=%d%n",
          seed, length.toSeconds());
    }
  }

  private static void show(List<Violation> violations) {
    violations.stream().limit(SHOWN).forEach(System.out::println);
    if (violations.size() > SHOWN) {
      System.out.printf("… and %d violations more%n", violations.size() - SHOWN);
    }
  }

  /** {@code 1..20}, {@code 4}, or a list of both, separated by commas. */
  private static List<Long> seeds(String text) {
    return Stream.of(text.split(","))
        .flatMap(
            part -> {
              String[] bounds = part.trim().split("\\.\\.");
              long first = Long.parseLong(bounds[0]);
              return LongStream.rangeClosed(first, Long.parseLong(bounds[bounds.length - 1]))
                  .boxed();
            })
        .toList();
  }
}
