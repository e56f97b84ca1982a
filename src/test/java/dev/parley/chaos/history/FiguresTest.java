package dev.parley.chaos.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FiguresTest {
  @Test
  void the_gap_of_a_fault_is_the_longest_that_ends_after_its_begin_and_before_the_next() {
    Recorded recorded = new Recorded();
    long seq = 0;
    for (long end : List.of(10, 5_000, 5_100, 7_400, 7_500, 20_000, 20_100, 29_900, 45_000)) {
      recorded.acknowledged(end - 1, end, "at " + end, seq++);
    }
    recorded
        .unknown(5_200, 5_300, "without answer")
        .fault(5_050, 7_000)
        .fault(7_450, 7_460)
        .fault(30_000, 30_001);
    Figures figures = new Figures();
    figures.add(recorded.history());
    assertThat(figures.table())
        .contains(
            "| acknowledged records | 9, and 1 attempts without answer |",
            "| longest gap of a stream after kill -9, 3 times | median 12500 ms, max 15100 ms |");
  }
}
