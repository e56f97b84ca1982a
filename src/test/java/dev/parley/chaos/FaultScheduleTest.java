package dev.parley.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FaultScheduleTest {
  private static final Set<FaultKind> ALL = EnumSet.allOf(FaultKind.class);

  @Test
  void a_seed_gives_the_same_schedule_each_time_and_another_seed_another() {
    assertThat(schedule(7)).isEqualTo(schedule(7)).isNotEqualTo(schedule(8));
  }

  @Test
  void each_kind_comes_once_before_one_comes_again() {
    List<FaultKind> kinds = schedule(3).stream().map(PlannedFault::kind).toList();
    int size = ALL.size();
    assertThat(kinds.subList(0, size)).containsExactlyInAnyOrderElementsOf(ALL);
    assertThat(kinds.subList(size, 2 * size)).containsExactlyInAnyOrderElementsOf(ALL);
  }

  @Test
  void faults_leave_time_to_recover_and_name_a_node_only_when_they_concern_one() {
    assertThat(schedule(5))
        .allSatisfy(
            fault -> {
              assertThat(fault.quiet()).isGreaterThanOrEqualTo(Duration.ofSeconds(10));
              assertThat(fault.length()).isLessThanOrEqualTo(Duration.ofSeconds(15));
              assertThat(fault.node())
                  .isBetween(
                      fault.kind().concernsOneNode() ? 0 : -1,
                      fault.kind().concernsOneNode() ? 2 : -1);
            });
  }

  private static List<PlannedFault> schedule(long seed) {
    return FaultSchedule.of(seed, ALL, 3, 40);
  }
}
