package dev.parley.entity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.entity.Timeline.Happened;
import dev.parley.entity.Timeline.Stretch;
import dev.parley.entity.Timeline.Written;
import dev.parley.journal.SessionHistory.Row;
import dev.parley.journal.StreamSummary;
import dev.parley.session.Channel;
import dev.parley.session.SessionEvent;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How events become moments of a timeline. */
class TimelineTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final SessionEvent WARNED = new SessionEvent.Warned(START);

  private static Row event(long version) {
    return new Row(version, at(version), WARNED, List.of());
  }

  private static Row records(long version, StreamSummary... streams) {
    return new Row(version, at(version), null, List.of(streams));
  }

  private static StreamSummary stream(Channel channel, long endSeq, int records, long version) {
    return new StreamSummary(channel, endSeq, records, 1, 10L * records, 0, at(version));
  }

  private static Instant at(long version) {
    return START.plusSeconds(version);
  }

  @Test
  void commits_with_nothing_between_them_are_one_moment() {
    Timeline timeline =
        Timeline.of(
            List.of(
                records(5, stream(Channel.OUT, 9, 4, 5)),
                records(4, stream(Channel.IN, 2, 1, 4), stream(Channel.OUT, 5, 2, 4)),
                event(3),
                records(2, stream(Channel.IN, 1, 1, 2)),
                event(1)),
            10);
    assertThat(timeline.moments())
        .containsExactly(
            new Written(
                5,
                at(4),
                at(5),
                2,
                List.of(
                    new Stretch(Channel.OUT, 3, 9, 6, 2, 60),
                    new Stretch(Channel.IN, 1, 2, 1, 1, 10))),
            new Happened(3, WARNED),
            new Written(2, at(2), at(2), 1, List.of(new Stretch(Channel.IN, 0, 1, 1, 1, 10))),
            new Happened(1, WARNED));
    assertThat(timeline.next()).isNull();
  }

  @Test
  void what_the_server_writes_for_itself_is_no_moment() {
    Timeline timeline =
        Timeline.of(List.of(records(2, stream(Channel.LIFECYCLE, 1, 1, 2)), event(1)), 10);
    assertThat(timeline.moments()).containsExactly(new Happened(1, WARNED));
  }

  @Test
  void records_of_before_summaries_are_shown_without_their_number() {
    Timeline timeline = Timeline.of(List.of(records(2)), 10);
    assertThat(timeline.moments()).containsExactly(new Written(2, at(2), at(2), 1, List.of()));
  }

  @Test
  void a_full_part_says_where_the_next_one_ends() {
    assertThat(Timeline.of(List.of(event(7), event(6)), 2).next()).isEqualTo(6);
    assertThat(Timeline.of(List.of(event(7), event(6)), 3).next()).isNull();
    assertThat(Timeline.of(List.of(event(2), event(1)), 2).next()).isNull();
  }
}
