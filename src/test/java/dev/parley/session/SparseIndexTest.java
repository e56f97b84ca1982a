package dev.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class SparseIndexTest {
  @Property(tries = 100)
  void points_at_or_before_every_record_and_every_time_and_stays_small(
      @ForAll @Size(min = 1, max = 2_000) List<@IntRange(min = 1, max = 5) Integer> eventSizes) {
    SparseIndex index = SparseIndex.EMPTY;
    long[] eventOf = new long[eventSizes.size() * 5];
    int next = 0;
    for (int event = 0; event < eventSizes.size(); event++) {
      index = index.add(next, event + 1, timestamp(next));
      for (int i = 0; i < eventSizes.get(event); i++) {
        eventOf[next++] = event + 1;
      }
    }
    for (int seq = 0; seq < next; seq++) {
      long found = index.versionAtOrBefore(seq);
      assertThat(found).isBetween(1L, eventOf[seq]);
      assertThat(eventOf[seq] - found).isLessThanOrEqualTo(index.stride());
      long before = index.seqBefore(timestamp(seq));
      assertThat(before == 0 || timestamp(before) < timestamp(seq)).isTrue();
      long firstWithThisTime = seq - seq % 3;
      assertThat(before).isLessThanOrEqualTo(firstWithThisTime);
      assertThat(firstWithThisTime - before).isLessThanOrEqualTo(5 * index.stride());
    }
    assertThat(index.seqBefore(Long.MIN_VALUE)).isZero();
    assertThat(index.seqs().length).isLessThanOrEqualTo(SparseIndex.MAX_ENTRIES);
  }

  @Property(tries = 100)
  void says_behind_which_event_no_record_below_a_place_lies(
      @ForAll @Size(min = 1, max = 1_000) List<@IntRange(min = 1, max = 5) Integer> eventSizes) {
    SparseIndex index = SparseIndex.EMPTY;
    long[] eventOf = new long[eventSizes.size() * 5];
    int next = 0;
    for (int event = 0; event < eventSizes.size(); event++) {
      for (int i = 0; i < eventSizes.get(event); i++) {
        // Each record is a run of its own, as when many appends share an event.
        index = index.add(next, event + 1, timestamp(next));
        eventOf[next++] = event + 1;
      }
    }
    for (int seq = 1; seq <= next; seq++) {
      long found = index.versionAtOrAfter(seq);
      assertThat(found).isGreaterThanOrEqualTo(eventOf[seq - 1]);
      if (found < Long.MAX_VALUE) {
        assertThat(found - eventOf[seq - 1]).isLessThanOrEqualTo(index.stride() + 1);
      }
    }
  }

  /** Three records of each millisecond. */
  private static long timestamp(long seq) {
    return 1_000 + seq / 3;
  }
}
