package dev.parley.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Which faults come, in which order: decided by a seed alone. Kinds are dealt as from a shuffled
 * deck, so that a schedule that is long enough holds all of them.
 */
final class FaultSchedule {
  /** Recovery can be measured only while nothing else happens. */
  private static final Duration QUIET = Duration.ofSeconds(10);

  private FaultSchedule() {}

  /**
   * @param count how many faults
   */
  static List<PlannedFault> of(long seed, Set<FaultKind> kinds, int nodes, int count) {
    Random random = new Random(seed);
    List<FaultKind> deck = new ArrayList<>();
    List<PlannedFault> schedule = new ArrayList<>();
    while (schedule.size() < count) {
      if (deck.isEmpty()) {
        deck.addAll(kinds.stream().sorted().toList());
        Collections.shuffle(deck, random);
      }
      FaultKind kind = deck.remove(deck.size() - 1);
      Duration quiet = QUIET.plusMillis(random.nextInt(3_000));
      int node = random.nextInt(nodes);
      Duration length = length(kind, random);
      schedule.add(new PlannedFault(quiet, kind, kind.concernsOneNode() ? node : -1, length));
    }
    return schedule;
  }

  private static Duration length(FaultKind kind, Random random) {
    return switch (kind) {
      case KILL -> Duration.ofMillis(random.nextInt(10_000));
      case PAUSE, POSTGRES_PAUSE -> Duration.ofMillis(1_000 + random.nextInt(11_000));
      case LEAVE, KILL_ALL -> Duration.ofMillis(random.nextInt(3_000));
      case POSTGRES_STOP, POSTGRES_CRASH -> Duration.ofMillis(random.nextInt(5_000));
      case CUT_OFF, ISOLATE -> Duration.ofMillis(2_000 + random.nextInt(13_000));
    };
  }
}
