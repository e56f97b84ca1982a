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

  /** Three records of each millisecond. */
  private static long timestamp(long seq) {
    return 1_000 + seq / 3;
  }
}
