package dev.parley.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.chaos.FaultRun.Plan;
import dev.parley.chaos.FaultRun.Result;
import dev.parley.chaos.history.Violation;
import dev.parley.chaos.history.Violation.Kind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server that breaks its promises is found out: the runs are worth something. */
@Tag("long")
class BrokenBuildsIT {
  private static final long SEED = 1;

  /** More than a busy machine needs until the fault. */
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @Test
  void a_server_without_a_memory_of_part_ids_is_found_out() throws Exception {
    Plan plan =
        new Plan(
            SEED,
            Duration.ofSeconds(6),
            1,
            Clients.writers(4),
            List.of(),
            Sabotage.FORGET_PART_IDS);
    assertFound(FaultRun.run(plan), Kind.REPEAT_ANSWERED_OTHERWISE, Kind.DUPLICATE);
  }

  @Test
  void a_server_that_acknowledges_before_the_commit_is_found_out() throws Exception {
    PlannedFault crash =
        new PlannedFault(
            Duration.ofSeconds(2), FaultKind.POSTGRES_CRASH, -1, Duration.ofMillis(100));
    Plan plan =
        new Plan(SEED, LIMIT, 1, Clients.writers(8), List.of(crash), Sabotage.ANSWER_BEFORE_COMMIT);
    assertFound(FaultRun.run(plan), Kind.LOST);
  }

  @Test
  void a_node_that_goes_on_with_what_it_remembers_after_a_pause_is_found_out() throws Exception {
    int paused = 1;
    PlannedFault pause =
        new PlannedFault(Duration.ofSeconds(5), FaultKind.PAUSE, paused, Duration.ofSeconds(15));
    Plan plan =
        new Plan(
            SEED,
            LIMIT,
            3,
            new Clients(16, 0, 8, paused),
            List.of(pause),
            Sabotage.TRUST_MEMORY_AFTER_PAUSE);
    assertFound(FaultRun.run(plan), Kind.STALE_READ);
  }

  private static void assertFound(Result result, Kind... expected) {
    assertThat(result.violations())
        .as("of the history in %s", result.directory())
        .extracting(Violation::kind)
        .contains(expected);
  }
}
