package dev.parley.http.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.ChannelState;
import dev.parley.session.PartIdWindow;
import dev.parley.session.RecordContent;
import dev.parley.session.RestoredPiece;
import dev.parley.session.Session;
import dev.parley.session.SessionId;
import dev.parley.session.SparseIndex;
import dev.parley.session.StreamAppend;
import dev.parley.session.Waitpoints;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RunsTest {
  private static ChannelState ends(long trimPoint, long nextSeq) {
    return new ChannelState(
        nextSeq,
        trimPoint,
        "",
        0,
        false,
        -1,
        0,
        SparseIndex.EMPTY,
        PartIdWindow.EMPTY,
        PartIdWindow.NO_BATCHES);
  }

  private static Session portrait(Map<Channel, ChannelState> streams) {
    return Session.restore(
        SessionId.ofExternal("env", "chat"), null, 0, streams, Waitpoints.EMPTY, null, null, 0);
  }

  private static StreamAppend append(Channel channel, long first, int count, int size) {
    RecordContent content = RecordContent.of(Bytes.wrap(new byte[size]));
    return new StreamAppend(
        channel, first, Collections.nCopies(count, new StreamAppend.Entry(first, content)), null);
  }

  private static List<String> lines(Runs runs, StreamAppend... appends) {
    List<RestoredPiece> pieces = new ArrayList<>();
    for (StreamAppend append : appends) {
      pieces.addAll(runs.add(append));
    }
    pieces.addAll(runs.flush());
    return pieces.stream().map(RunsTest::word).toList();
  }

  private static String word(RestoredPiece piece) {
    if (piece instanceof RestoredPiece.Trimmed trimmed) {
      return "trimmed to " + trimmed.toSeq();
    }
    StreamAppend run = ((RestoredPiece.Records) piece).append();
    return "%s %d-%d"
        .formatted(run.channel().direction().wireName(), run.firstSeq(), run.endSeq() - 1);
  }

  @Test
  void commits_of_one_stream_are_joined_and_another_stream_begins_another_line() {
    Runs runs = new Runs(portrait(Map.of(Channel.IN, ends(0, 9), Channel.OUT, ends(0, 9))));
    assertThat(
            lines(
                runs,
                append(Channel.IN, 0, 1, 1),
                append(Channel.IN, 1, 2, 1),
                append(Channel.OUT, 0, 1, 1),
                append(Channel.IN, 3, 6, 1)))
        .containsExactly("in 0-2", "out 0-0", "in 3-8");
    assertThat(runs.missing()).isEqualTo(Map.of(Channel.OUT, 9L));
    assertThat(runs.records()).isEqualTo(10);
  }

  @Test
  void what_was_trimmed_or_came_later_is_left_out() {
    Runs runs = new Runs(portrait(Map.of(Channel.IN, ends(2, 5))));
    assertThat(lines(runs, append(Channel.IN, 0, 9, 1), append(Channel.OUT, 0, 1, 1)))
        .containsExactly("in 2-4");
    assertThat(runs.missing()).isEmpty();
  }

  @Test
  void a_gap_is_told_as_what_it_is() {
    Runs runs = new Runs(portrait(Map.of(Channel.IN, ends(2, 9))));
    assertThat(lines(runs, append(Channel.IN, 2, 2, 1), append(Channel.IN, 7, 2, 1)))
        .containsExactly("in 2-3", "trimmed to 7", "in 7-8");
  }

  @Test
  void lines_are_bounded_by_records_and_by_bytes() {
    Session portrait = portrait(Map.of(Channel.IN, ends(0, 1_200)));
    assertThat(lines(new Runs(portrait), append(Channel.IN, 0, 1_200, 1)))
        .containsExactly("in 0-499", "in 500-999", "in 1000-1199");
    assertThat(lines(new Runs(portrait), append(Channel.IN, 0, 3, 200_000)))
        .containsExactly("in 0-0", "in 1-1", "in 2-2");
  }

  @Property(tries = 200)
  void lines_do_not_depend_on_how_the_records_were_committed(@ForAll long seed) {
    Random random = new Random(seed);
    Session portrait = portrait(Map.of(Channel.IN, ends(0, 2_000)));
    List<StreamAppend> commits = new ArrayList<>();
    for (int done = 0; done < 2_000; ) {
      int count = Math.min(2_000 - done, 1 + random.nextInt(700));
      commits.add(append(Channel.IN, done, count, 300));
      done += count;
    }
    assertThat(lines(new Runs(portrait), commits.toArray(StreamAppend[]::new)))
        .isEqualTo(lines(new Runs(portrait), append(Channel.IN, 0, 2_000, 300)));
  }
}
