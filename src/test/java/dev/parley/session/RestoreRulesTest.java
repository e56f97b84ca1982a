package dev.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.SessionCommand.Restore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What may come from a copy, and what a session says meanwhile. */
class RestoreRulesTest {
  private static final Instant NOW = Commands.START;
  private static final SessionInfo INFO =
      new SessionInfo(
          "chat", "type", "task", "{}", List.of(), null, "run_1", NOW, NOW, null, null, null, null);

  private Session session = Session.empty(Commands.ID);

  private static ChannelState ends(long trimPoint, long nextSeq) {
    return new ChannelState(
        nextSeq,
        trimPoint,
        "",
        9,
        false,
        nextSeq - 1,
        100,
        SparseIndex.EMPTY,
        PartIdWindow.EMPTY,
        PartIdWindow.NO_BATCHES);
  }

  private static Session target(long trimPoint, long nextSeq) {
    return Session.restore(
        Commands.ID,
        INFO,
        0,
        Map.of(Channel.OUT, ends(trimPoint, nextSeq)),
        Waitpoints.EMPTY,
        null,
        null,
        0);
  }

  private static RestoredPiece records(Channel channel, long first, long... timestamps) {
    List<StreamAppend.Entry> entries =
        java.util.Arrays.stream(timestamps)
            .mapToObj(at -> new StreamAppend.Entry(at, RecordContent.of(Bytes.utf8("x"))))
            .toList();
    return new RestoredPiece.Records(new StreamAppend(channel, first, entries, null));
  }

  private SessionReply take(SessionCommand command) {
    Decision decision = session.decide(command, NOW);
    session = session.applyAll(decision.events());
    return decision.reply();
  }

  private SessionReply take(Session target, boolean last, RestoredPiece... pieces) {
    return take(new Restore(target, List.of(pieces), last));
  }

  private static SessionReply refused(String problem) {
    return new SessionReply.CannotRestore(problem);
  }

  @Test
  void a_small_session_comes_in_one_commit() {
    assertThat(take(target(3, 5), true, records(Channel.OUT, 3, 1, 2)))
        .isEqualTo(new SessionReply.Restored(2, true));
    assertThat(session.info()).isEqualTo(INFO);
    assertThat(session.channel(Channel.OUT).nextSeq()).isEqualTo(5);
    assertThat(session.channel(Channel.OUT).trimPoint()).isEqualTo(3);
  }

  @Test
  void until_the_last_piece_the_session_takes_nothing_and_shows_nothing() {
    take(target(0, 5), false, records(Channel.OUT, 0, 1, 2));
    assertThat(session.channel(Channel.OUT)).isEqualTo(ChannelState.EMPTY);
    SessionCommand append =
        SessionCommand.Append.single(Channel.OUT, RecordContent.of(Bytes.EMPTY), null);
    assertThat(take(append)).isInstanceOf(SessionReply.Overloaded.class);
    assertThat(take(new SessionCommand.Close(null, null, "r")))
        .isInstanceOf(SessionReply.Overloaded.class);
    assertThat(take(new SessionCommand.Portray()))
        .isEqualTo(new SessionReply.Portrayed(Session.empty(Commands.ID), 2, 0, true));
    assertThat(take(target(0, 5), true, records(Channel.OUT, 2, 3, 4, 5)))
        .isEqualTo(new SessionReply.Restored(3, true));
    assertThat(take(append)).isInstanceOf(SessionReply.Appended.class);
  }

  @Test
  void a_gap_is_refused_and_nothing_of_the_command_happens() {
    Session before = session;
    assertThat(take(target(0, 5), true, records(Channel.OUT, 0, 1), records(Channel.OUT, 2, 2)))
        .isEqualTo(refused("out: the next record is 1, not 2"));
    assertThat(session).isEqualTo(before);
  }

  @Test
  void a_gap_that_a_trim_has_left_is_none() {
    assertThat(
            take(
                target(0, 5),
                true,
                records(Channel.OUT, 0, 1),
                new RestoredPiece.Trimmed(Channel.OUT, 4),
                records(Channel.OUT, 4, 2)))
        .isEqualTo(new SessionReply.Restored(2, true));
    assertThat(session.channel(Channel.OUT).trimPoint()).isEqualTo(4);
  }

  @Test
  void missing_records_at_the_end_are_refused() {
    assertThat(take(target(0, 5), true, records(Channel.OUT, 0, 1, 2)))
        .isEqualTo(refused("out: the records from 2 to 4 are missing"));
  }

  @Test
  void records_beyond_the_end_of_another_stream_or_out_of_time_are_refused() {
    assertThat(take(target(0, 1), true, records(Channel.OUT, 0, 1, 2)))
        .isEqualTo(refused("out: there is no record 1, the stream ends before it"));
    assertThat(take(target(0, 1), true, records(new Channel("a", Direction.IN), 0, 1)))
        .isEqualTo(refused("a.in is none of the streams that the session has"));
    assertThat(take(target(0, 2), true, records(Channel.OUT, 0, 2, 1)))
        .isEqualTo(refused("out, record 1: older than the one before it"));
  }

  @Test
  void a_state_that_no_session_can_have_is_refused() {
    assertThat(take(target(6, 5), true)).isEqualTo(refused("out: its ends are out of order"));
    SessionId other = SessionId.ofExternal("env", "other");
    Session foreign = Session.restore(other, INFO, 0, Map.of(), Waitpoints.EMPTY, null, null, 0);
    assertThat(take(foreign, true)).isEqualTo(refused("the copy is of another session"));
  }

  @Test
  void another_copy_does_not_mix_with_the_one_that_is_being_restored() {
    take(target(0, 5), false, records(Channel.OUT, 0, 1));
    assertThat(take(target(0, 6), false, records(Channel.OUT, 1, 1)))
        .isEqualTo(
            refused("another copy of this session is being restored; purge what is there of it"));
    assertThat(take(new SessionCommand.Abandon())).isInstanceOf(SessionReply.Purged.class);
    assertThat(take(target(0, 1), true, records(Channel.OUT, 0, 1)))
        .isEqualTo(new SessionReply.Restored(1, true));
  }

  @Test
  void a_whole_session_is_not_abandoned() {
    take(target(0, 1), true, records(Channel.OUT, 0, 1));
    assertThat(take(new SessionCommand.Abandon())).isEqualTo(new SessionReply.NoSuchSession());
    assertThat(session.info()).isEqualTo(INFO);
  }
}
