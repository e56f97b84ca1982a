package dev.parley.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.journal.Reclaim.Range;
import dev.parley.journal.Reclaim.Trim;
import dev.parley.session.Channel;
import dev.parley.session.ChannelState;
import dev.parley.session.PartIdWindow;
import dev.parley.session.Session;
import dev.parley.session.SessionId;
import dev.parley.session.SparseIndex;
import dev.parley.session.Waitpoints;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReclaimTest {
  private static final SessionId ID = SessionId.random("env");

  /** Ten records an event, of which every second is of this stream. */
  private static ChannelState trimmedTo(long trimPoint) {
    SparseIndex index =
        SparseIndex.of(
            10, new long[] {0, 10, 20, 30, 40}, new long[] {2, 4, 6, 8, 10}, new long[5]);
    return new ChannelState(
        50, trimPoint, "", 0, false, 49, 500, index, PartIdWindow.EMPTY, PartIdWindow.NO_BATCHES);
  }

  private static Reclaim of(Map<Channel, ChannelState> channels, Map<Channel, Long> reclaimedTo) {
    return Reclaim.of(
        "p", Session.restore(ID, null, 11, channels, Waitpoints.EMPTY, null, null, 0), reclaimedTo);
  }

  @Test
  void looks_only_at_the_events_between_the_last_trim_and_this_one() {
    assertThat(of(Map.of(Channel.OUT, trimmedTo(25)), Map.of(Channel.OUT, 13L)))
        .isEqualTo(new Reclaim("p", 11, List.of(new Trim(Channel.OUT, 25, 4, 8))));
  }

  @Test
  void looks_at_no_event_behind_the_snapshot() {
    assertThat(of(Map.of(Channel.OUT, trimmedTo(50)), Map.of()))
        .isEqualTo(new Reclaim("p", 11, List.of(new Trim(Channel.OUT, 50, 2, 11))));
  }

  @Test
  void has_nothing_to_do_when_no_trim_point_has_moved() {
    Map<Channel, ChannelState> channels =
        Map.of(Channel.IN, trimmedTo(0), Channel.OUT, trimmedTo(25));
    assertThat(of(channels, Map.of(Channel.OUT, 25L)).trims()).isEmpty();
  }

  @Test
  void looks_at_each_event_once_although_several_streams_were_trimmed() {
    Reclaim reclaim =
        new Reclaim(
            "p",
            100,
            List.of(
                new Trim(Channel.LIFECYCLE, 1, 50, 60),
                new Trim(Channel.OUT, 1, 5, 20),
                new Trim(Channel.IN, 1, 1, 10)));
    assertThat(reclaim.ranges()).containsExactly(new Range(1, 20), new Range(50, 60));
  }
}
