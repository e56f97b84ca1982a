package dev.parley.entity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.ChannelState;
import dev.parley.session.Header;
import dev.parley.session.PartIdWindow;
import dev.parley.session.RecordContent;
import dev.parley.session.Session;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionId;
import dev.parley.session.SparseIndex;
import dev.parley.session.StreamAppend;
import dev.parley.session.Waitpoints;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SnapshotPaceTest {
  private static final SessionId ID = SessionId.random("env");

  private final SnapshotPace pace = new SnapshotPace(100, 10_000, 1_000);

  /** A stream of records of ten bytes. */
  private static Session session(long version, long records, long trimPoint) {
    ChannelState out =
        new ChannelState(
            records,
            trimPoint,
            "",
            0,
            false,
            records - 1,
            10 * records,
            SparseIndex.EMPTY,
            PartIdWindow.EMPTY,
            PartIdWindow.NO_BATCHES);
    return Session.restore(
        ID, null, version, Map.of(Channel.OUT, out), Waitpoints.EMPTY, null, null, 0);
  }

  private static SessionEvent event(long firstSeq, RecordContent record) {
    return new SessionEvent.RecordsAppended(
        List.of(
            new StreamAppend(
                Channel.OUT, firstSeq, List.of(new StreamAppend.Entry(0, record)), null)));
  }

  private boolean isDueAfter(Session before) {
    return pace.isDue(
        before, event(before.channel(Channel.OUT).nextSeq(), RecordContent.of(Bytes.utf8("xy"))));
  }

  private boolean isDueAfterTrim(Session before, long to) {
    RecordContent trim =
        new RecordContent(
            List.of(new Header(Bytes.EMPTY, Bytes.utf8("trim"))),
            Bytes.wrap(ByteBuffer.allocate(8).putLong(to).array()));
    return pace.isDue(before, event(before.channel(Channel.OUT).nextSeq(), trim));
  }

  @Test
  void counts_events_from_the_last_snapshot_whether_the_session_slept_or_not() {
    pace.taken(session(50, 50, 0));
    assertThat(isDueAfter(session(148, 148, 0))).isFalse();
    assertThat(isDueAfter(session(149, 149, 0))).isTrue();
  }

  @Test
  void counts_from_the_beginning_where_there_is_no_snapshot() {
    pace.taken(session(50, 50, 0));
    pace.reset();
    assertThat(isDueAfter(session(99, 99, 0))).isTrue();
  }

  @Test
  void counts_bytes() {
    pace.taken(session(50, 50, 0));
    assertThat(isDueAfter(session(51, 1_048, 0))).isFalse();
    assertThat(isDueAfter(session(51, 1_049, 0))).isTrue();
  }

  @Test
  void is_due_once_enough_was_trimmed_since_the_last_snapshot() {
    pace.taken(session(50, 1_000, 100));
    assertThat(isDueAfter(session(51, 1_001, 100))).isFalse();
    assertThat(isDueAfter(session(52, 1_002, 199))).isFalse();
    assertThat(isDueAfter(session(53, 1_003, 200))).isTrue();
    pace.taken(session(54, 1_004, 200));
    assertThat(isDueAfter(session(54, 1_004, 200))).isFalse();
  }

  @Test
  void counts_the_trim_that_is_being_made() {
    pace.taken(session(50, 1_000, 0));
    assertThat(isDueAfterTrim(session(50, 1_000, 0), 98)).isFalse();
    assertThat(isDueAfterTrim(session(50, 1_000, 0), 100)).isTrue();
  }
}
