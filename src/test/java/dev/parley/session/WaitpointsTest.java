package dev.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WaitpointsTest {
  private static final Instant START = Instant.parse("2026-11-20T12:00:00Z");

  private static Waitpoint waiting(String id) {
    return new Waitpoint(id, Channel.IN, -1, START, null, List.of(), null, null, null, null);
  }

  private static Waitpoint ended(String id) {
    return ended(id, 0);
  }

  private static Waitpoint ended(String id, int hours) {
    return waiting(id).with(new Waitpoint.Outcome(true, START.plus(Duration.ofHours(hours)), null));
  }

  @Test
  void those_that_ended_last_are_remembered_however_long_they_have_waited() {
    Waitpoints waitpoints = Waitpoints.EMPTY.with(List.of(waiting("patient"), waiting("first")));
    waitpoints = waitpoints.with(List.of(ended("first")));
    int hours = 0;
    for (int i = 1; i < Waitpoints.MIN_ENDED; i++) {
      waitpoints =
          waitpoints.with(List.of(waiting("w" + i))).with(List.of(ended("w" + i, ++hours)));
    }
    assertThat(waitpoints.find("first")).isPresent();
    waitpoints = waitpoints.with(List.of(ended("patient", ++hours)));
    assertThat(waitpoints.find("patient")).contains(ended("patient", hours));
    assertThat(waitpoints.find("first")).isEmpty();
    assertThat(waitpoints.all()).hasSize(Waitpoints.MIN_ENDED);
  }

  @Test
  void many_that_end_at_once_are_all_remembered_for_a_while() {
    List<String> ids = IntStream.range(0, 3 * Waitpoints.MIN_ENDED).mapToObj(i -> "w" + i).toList();
    Waitpoints waitpoints =
        Waitpoints.EMPTY
            .with(ids.stream().map(WaitpointsTest::waiting).toList())
            .with(ids.stream().map(WaitpointsTest::ended).toList());
    assertThat(waitpoints.all()).hasSameSizeAs(ids);
    assertThat(waitpoints.with(List.of(ended("later", 1))).all()).hasSize(Waitpoints.MIN_ENDED);
  }

  @Test
  void no_more_than_the_most_are_remembered() {
    List<Waitpoint> ended =
        IntStream.range(0, Waitpoints.MAX_ENDED + 5).mapToObj(i -> ended("w" + i)).toList();
    assertThat(Waitpoints.EMPTY.with(ended).all())
        .hasSize(Waitpoints.MAX_ENDED)
        .endsWith(ended.get(ended.size() - 1));
  }

  @Test
  void those_that_wait_are_never_forgotten() {
    Waitpoints waitpoints = Waitpoints.EMPTY;
    List<Waitpoint> all =
        IntStream.range(0, Waitpoints.MIN_ENDED + 1).mapToObj(i -> waiting("w" + i)).toList();
    waitpoints = waitpoints.with(all);
    assertThat(waitpoints.pending()).isEqualTo(Waitpoints.MIN_ENDED + 1);
    assertThat(waitpoints.all()).containsExactlyElementsOf(all);
  }

  @Test
  void what_a_snapshot_kept_comes_back_in_its_order() {
    Waitpoints waitpoints =
        Waitpoints.EMPTY
            .with(List.of(waiting("a"), waiting("b"), waiting("c")))
            .with(List.of(ended("b")))
            .with(List.of(ended("a"), waiting("d")));
    assertThat(waitpoints.all()).extracting(Waitpoint::id).containsExactly("c", "b", "a", "d");
    assertThat(Waitpoints.of(List.copyOf(waitpoints.all()))).isEqualTo(waitpoints);
  }
}
