package dev.parley.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * A short run: a node leaves, one is cut off, one stands still, one is killed. The long ones are in
 * the profile {@code chaos}.
 */
class ChaosIT {
  @Test
  void what_was_promised_holds_whatever_happens_to_nodes_and_database() throws Exception {
    assertThat(Chaos.of("13640", 85).run()).as("seeds of runs that broke a promise").isEmpty();
  }
}
