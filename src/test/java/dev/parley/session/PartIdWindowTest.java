package dev.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PartIdWindowTest {
  private record Added(PartId id, long seq, long at) {}

  @Property(tries = 60)
  void whatever_is_of_the_last_five_minutes_or_the_last_thousand_is_remembered(
      @ForAll @Size(min = 1, max = 40) List<@IntRange(max = 120_000) Integer> pauses,
      @ForAll @IntRange(min = 1, max = 120) int burst) {
    PartIdWindow window = PartIdWindow.EMPTY;
    List<Added> all = new ArrayList<>();
    long now = 0;
    for (int pause : pauses) {
      now += pause;
      for (int i = 0; i < burst; i++) {
        Added added = new Added(PartId.of("part-" + all.size()), all.size() * 3L, now);
        window = window.add(added.id(), added.seq(), added.at());
        all.add(added);
      }
    }
    for (int i = 0; i < all.size(); i++) {
      Added added = all.get(i);
      boolean recent = added.at() >= now - PartIdWindow.SPAN.toMillis();
      if (recent || i >= all.size() - PartIdWindow.MIN_COUNT) {
        assertThat(window.find(added.id())).hasValue(added.seq());
      }
    }
    assertThat(window.find(PartId.of("never"))).isEmpty();
  }

  @Test
  void what_is_old_and_far_behind_is_forgotten_so_that_memory_stays_bounded() {
    PartIdWindow window = PartIdWindow.EMPTY;
    long perMinute = 600;
    for (int i = 0; i < 100_000; i++) {
      window = window.add(PartId.of("part-" + i), i, i * 60_000L / perMinute);
    }
    long ofTheSpan = perMinute * PartIdWindow.SPAN.toMinutes();
    assertThat((long) window.size()).isBetween(ofTheSpan, 4 * ofTheSpan);
    assertThat(window.find(PartId.of("part-0"))).isEmpty();
    assertThat(window.blocks().size()).isLessThan(20);
  }

  @Test
  void a_quiet_stream_keeps_its_last_thousand_however_old() {
    PartIdWindow window = PartIdWindow.EMPTY;
    for (int i = 0; i < 5_000; i++) {
      window = window.add(PartId.of("part-" + i), i, i * 3_600_000L);
    }
    for (int i = 4_000; i < 5_000; i++) {
      assertThat(window.find(PartId.of("part-" + i))).hasValue(i);
    }
    assertThat(window.size()).isLessThan(4_000);
  }

  @Test
  void batches_are_remembered_for_their_span_and_no_more_of_them_than_the_most() {
    PartIdWindow window = PartIdWindow.NO_BATCHES;
    int perSecond = 200;
    int count = 20_000;
    for (int i = 0; i < count; i++) {
      window = window.add(PartId.of("batch-" + i), i, i * 1_000L / perSecond);
    }
    long ofTheSpan = perSecond * PartIdWindow.BATCH_SPAN.toSeconds();
    for (int i = (int) (count - ofTheSpan); i < count; i++) {
      assertThat(window.find(PartId.of("batch-" + i))).hasValue(i);
    }
    assertThat((long) window.size()).isLessThan(4 * ofTheSpan);
    for (int i = 0; i < 3 * PartIdWindow.MAX_BATCHES; i++) {
      window = window.add(PartId.of("burst-" + i), i, 200_000);
    }
    assertThat(window.size()).isLessThanOrEqualTo(PartIdWindow.MAX_BATCHES);
    assertThat(window.find(PartId.of("burst-" + (3 * PartIdWindow.MAX_BATCHES - 1)))).isPresent();
  }
}
