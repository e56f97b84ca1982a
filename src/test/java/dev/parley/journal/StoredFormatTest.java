package dev.parley.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.Activity;
import dev.parley.session.Bytes;
import dev.parley.session.Callback;
import dev.parley.session.Channel;
import dev.parley.session.ChannelState;
import dev.parley.session.Direction;
import dev.parley.session.Header;
import dev.parley.session.Lifetime;
import dev.parley.session.PartId;
import dev.parley.session.PartIdWindow;
import dev.parley.session.RecordContent;
import dev.parley.session.Session;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import dev.parley.session.SparseIndex;
import dev.parley.session.StreamAppend;
import dev.parley.session.TimeoutPolicy;
import dev.parley.session.Turn;
import dev.parley.session.TurnOutcome;
import dev.parley.session.Turns;
import dev.parley.session.Waitpoint;
import dev.parley.session.Waitpoints;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The bytes of what is stored, written down. A change that fails here can't read the journals that
 * are out there: add fields, never change or reuse one.
 */
class StoredFormatTest {
  private static final Instant AT = Instant.ofEpochMilli(1_795_166_745_123L);

  private static final SessionInfo INFO =
      new SessionInfo(
          "chat-é",
          "chat",
          "task",
          "{\"basePayload\":{}}",
          List.of("a", "b"),
          "{\"k\":1}",
          "run_1",
          AT,
          AT.plusMillis(1),
          AT.plusMillis(2),
          AT.plusMillis(3),
          "done",
          null);

  private static final SessionInfo BARE_INFO =
      new SessionInfo(
          null, "chat", "task", "{}", List.of(), null, "run_1", AT, AT, null, null, null, null);

  private static final StreamAppend APPEND =
      new StreamAppend(
          Channel.OUT,
          7,
          List.of(
              new StreamAppend.Entry(
                  AT.toEpochMilli(), RecordContent.of(Bytes.utf8("{\"data\":1}"))),
              new StreamAppend.Entry(
                  AT.toEpochMilli() + 1,
                  new RecordContent(
                      List.of(new Header(Bytes.EMPTY, Bytes.utf8("trim"))),
                      Bytes.wrap(new byte[] {0, 0, 0, 0, 0, 0, 0, 2})))),
          new PartId(0x0102030405060708L, -2));

  private static final TimeoutPolicy POLICY = new TimeoutPolicy(5.5, true, 60, 2);
  private static final Lifetime LIFETIME =
      new Lifetime(AT, AT.plusMillis(1), AT.plusMillis(2), 3, POLICY, true, false);

  private static final Session PORTRAIT =
      Session.restore(
          SessionId.ofExternal("env", "chat-é"),
          BARE_INFO,
          0,
          Map.of(
              Channel.OUT,
              new ChannelState(
                  9,
                  2,
                  "fence",
                  7,
                  true,
                  8,
                  77,
                  SparseIndex.EMPTY,
                  PartIdWindow.EMPTY,
                  PartIdWindow.NO_BATCHES)),
          Waitpoints.EMPTY,
          null,
          null,
          5);

  static Stream<Arguments> events() {
    return Stream.of(
        Arguments.of(
            "C",
            new SessionEvent.Created(INFO, null, null),
            "0a610a07636861742dc3a91204636861741a047461736b22127b22626173655061796c6f6164223a"
                + "7b7d7d2a01612a016232077b226b223a317d38a3e49ac29f3440a4e49ac29f3448a5e49ac29f3450"
                + "a6e49ac29f345a04646f6e65620572756e5f31"),
        Arguments.of(
            "C",
            new SessionEvent.Created(BARE_INFO, null, null),
            "0a251204636861741a047461736b22027b7d38a3e49ac29f3440a3e49ac29f34620572756e5f31"),
        Arguments.of(
            "U",
            new SessionEvent.Updated("{}", List.of("x"), "{}", AT, AT.plusMillis(5)),
            "0a027b7d1201781a027b7d20a3e49ac29f3428a8e49ac29f34"),
        Arguments.of(
            "U",
            new SessionEvent.Updated("{}", List.of(), null, null, AT),
            "0a027b7d28a3e49ac29f34"),
        Arguments.of("X", new SessionEvent.Closed(AT, "bye"), "08a3e49ac29f341203627965"),
        Arguments.of("X", new SessionEvent.Closed(AT, null), "08a3e49ac29f34"),
        Arguments.of("R", new SessionEvent.RunSwapped("run_2", AT), "0a0572756e5f3210a3e49ac29f34"),
        Arguments.of(
            "A",
            new SessionEvent.RecordsAppended(
                List.of(
                    APPEND,
                    new StreamAppend(
                        new Channel("side", Direction.IN),
                        0,
                        List.of(new StreamAppend.Entry(0, RecordContent.of(Bytes.EMPTY))),
                        null))),
            "0a4610011807221308a3e49ac29f341a0a7b2264617461223a317d221908a4e49ac29f3412061204"
                + "7472696d1a0800000000000000022a100102030405060708fffffffffffffffe0a080a0473696465"
                + "2200"),
        Arguments.of("A", new SessionEvent.RecordsAppended(List.of(), true), "1001"),
        Arguments.of(
            "W",
            new SessionEvent.WaitpointCreated(
                new Waitpoint(
                    "w",
                    Channel.OUT,
                    4,
                    AT,
                    AT.plusMillis(1),
                    List.of("t"),
                    "k",
                    AT.plusMillis(2),
                    new Waitpoint.Outcome(false, AT, new Waitpoint.Output(Channel.OUT, 5)),
                    null)),
            "0a330a017712001801200528a3e49ac29f3430a4e49ac29f343a017442016b48a5e49a"
                + "c29f34520d10a3e49ac29f341a0020012805"),
        Arguments.of(
            "W",
            new SessionEvent.WaitpointCreated(
                new Waitpoint("w", null, -1, AT, null, List.of(), null, null, null, null)),
            "0a0a0a017728a3e49ac29f34"),
        Arguments.of(
            "W",
            new SessionEvent.WaitpointCreated(
                new Waitpoint(
                    "w",
                    null,
                    -1,
                    AT,
                    null,
                    List.of(),
                    null,
                    null,
                    null,
                    new Callback("http://a/b", "http://p", AT, 3, AT.plusMillis(4)))),
            "0a300a017728a3e49ac29f345a0a687474703a2f2f612f626208687474703a2f2f7068a3e49a"
                + "c29f34700378a7e49ac29f34"),
        Arguments.of(
            "W",
            new SessionEvent.WaitpointCreated(
                new Waitpoint(
                    "w",
                    null,
                    -1,
                    AT,
                    null,
                    List.of(),
                    null,
                    null,
                    null,
                    Callback.to("http://a/b", "http://p"))),
            "0a200a017728a3e49ac29f345a0a687474703a2f2f612f626208687474703a2f2f70"),
        Arguments.of(
            "K",
            new SessionEvent.CallbacksMoved(List.of("a", "b"), 0, AT, AT),
            "0a01610a016218a3e49ac29f3420a3e49ac29f34"),
        Arguments.of(
            "K",
            new SessionEvent.CallbacksMoved(List.of("a"), 2, null, AT),
            "0a0161100220a3e49ac29f34"),
        Arguments.of(
            "D",
            new SessionEvent.WaitpointCompleted(
                "w", new Waitpoint.Outcome(false, AT, new Waitpoint.Output(Channel.WAITPOINTS, 0))),
            "0a0177121510a3e49ac29f341a0a77616974706f696e74732001"),
        Arguments.of(
            "D",
            new SessionEvent.WaitpointCompleted("w", new Waitpoint.Outcome(false, AT, null)),
            "0a0177120710a3e49ac29f34"),
        Arguments.of(
            "C",
            new SessionEvent.Created(INFO, POLICY, null),
            "0a610a07636861742dc3a91204636861741a047461736b22127b22626173655061796c6f6164"
                + "223a7b7d7d2a01612a016232077b226b223a317d38a3e49ac29f3440a4e49ac29f3448a5e49a"
                + "c29f3450a6e49ac29f345a04646f6e65620572756e5f31121d09000000000000164010011900"
                + "00000000004e40210000000000000040"),
        Arguments.of(
            "L",
            new SessionEvent.Touched(LIFETIME, Activity.AGENT, AT, SessionEvent.Report.NOW),
            "0a3808a3e49ac29f3410a4e49ac29f3418a5e49ac29f3420032a1d0900000000000016401001"
                + "190000000000004e40210000000000000040300112056167656e7418a3e49ac29f342002"),
        Arguments.of(
            "P",
            new SessionEvent.TimeoutChanged(LIFETIME, AT),
            "0a3808a3e49ac29f3410a4e49ac29f3418a5e49ac29f3420032a1d0900000000000016401001"
                + "190000000000004e40210000000000000040300110a3e49ac29f34"),
        Arguments.of("N", new SessionEvent.Warned(AT), "08a3e49ac29f34"),
        Arguments.of(
            "B", new SessionEvent.TurnStarted(new Turn(7, 2, AT)), "0a0b0807100218a3e49ac29f34"),
        Arguments.of(
            "F",
            new SessionEvent.TurnEnded(7, 9, TurnOutcome.STOPPED, AT, AT.plusMillis(1)),
            "08071009180120a3e49ac29f3428a4e49ac29f34"),
        Arguments.of(
            "C",
            new SessionEvent.Created(BARE_INFO, null, "agent"),
            "0a251204636861741a047461736b22027b7d38a3e49ac29f3440a3e49ac29f34620572756e5f31"
                + "1a056167656e74"),
        Arguments.of(
            "A",
            new SessionEvent.RecordsAppended(
                List.of(
                    new StreamAppend(
                        Channel.IN,
                        1,
                        List.of(
                            new StreamAppend.Entry(5, RecordContent.of(Bytes.utf8("hello")), true)),
                        null))),
            "0a0f1801220b08051a0568656c6c6f2001"),
        Arguments.of(
            "E", new SessionEvent.Expired(AT, AT.plusMillis(1)), "08a3e49ac29f3410a4e49ac29f34"),
        Arguments.of("G", new SessionEvent.Purged(7, AT), "080710a3e49ac29f34"),
        Arguments.of(
            "I",
            new SessionEvent.RestoreBegun(PORTRAIT, AT),
            "0a2c656e762f73657373696f6e5f3862373438373933663430636130643233366536616434356639"
                + "65306264323212430a251204636861741a047461736b22027b7d38a3e49ac29f3440a3e49ac29f34"
                + "620572756e5f311a181001180920022a0566656e636530073801404d4801800109580518a3e49ac2"
                + "9f34"),
        Arguments.of("J", new SessionEvent.RestoreTrimmed(Channel.OUT, 5), "10011805"),
        Arguments.of(
            "Q",
            new SessionEvent.PartIdsRestored(
                new Channel("side", Direction.IN),
                true,
                new PartIdWindow.Block(
                    AT.toEpochMilli(), new long[] {-1}, new long[] {6}, new long[] {3})),
            "0a04736964651801221e08a3e49ac29f341208ffffffffffffffff1a080600000000000000220103"),
        Arguments.of(
            "O",
            new SessionEvent.Restored(PORTRAIT, AT),
            "0a2c656e762f73657373696f6e5f3862373438373933663430636130643233366536616434356639"
                + "65306264323212430a251204636861741a047461736b22027b7d38a3e49ac29f3440a3e49ac29f34"
                + "620572756e5f311a181001180920022a0566656e636530073801404d4801800109580518a3e49ac2"
                + "9f34"),
        Arguments.of(
            "T",
            new SessionEvent.WaitpointsTimedOut(List.of("a", "b"), AT),
            "0a01610a016210a3e49ac29f34"));
  }

  @ParameterizedTest
  @MethodSource("events")
  void an_event_is_stored_under_its_letter_as_these_bytes(
      String manifest, SessionEvent event, String golden) {
    assertThat(EventCodec.manifest(event)).isEqualTo(manifest);
    assertThat(HexFormat.of().formatHex(EventCodec.encode(event))).isEqualTo(golden);
    assertThat(EventCodec.decode(manifest, HexFormat.of().parseHex(golden))).isEqualTo(event);
  }

  @Test
  void every_kind_of_event_has_its_golden_bytes() {
    assertThat(events().map(arguments -> arguments.get()[1].getClass().getName()).distinct())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(SessionEvent.class.getPermittedSubclasses())
                .map(Class::getName)
                .toList());
  }

  @Test
  void a_snapshot_keeps_the_generation() {
    SessionId id = SessionId.ofExternal("env", "chat-é");
    Session session = Session.empty(id).apply(new SessionEvent.Purged(7, AT));
    StoredSnapshot stored = SnapshotCodec.encode(session, Map.of());
    assertThat(HexFormat.of().formatHex(stored.bytes())).isEqualTo("1007800107");
    assertThat(SnapshotCodec.decode(id, stored).session()).isEqualTo(session);
  }

  @Test
  void a_snapshot_of_a_session_that_is_being_restored_keeps_what_it_is_to_become() {
    Session session =
        Session.empty(PORTRAIT.id()).apply(new SessionEvent.RestoreBegun(PORTRAIT, AT));
    StoredSnapshot stored = SnapshotCodec.encode(session, Map.of());
    assertThat(HexFormat.of().formatHex(stored.bytes()))
        .isEqualTo(
            "10011a0b10011802200248018001008a01430a251204636861741a047461736b22027b7d38a3e49a"
                + "c29f3440a3e49ac29f34620572756e5f311a181001180920022a0566656e636530073801404d4801"
                + "8001095805");
    assertThat(SnapshotCodec.decode(PORTRAIT.id(), stored).session()).isEqualTo(session);
  }

  @Test
  void a_snapshot_is_stored_as_these_bytes() {
    SessionId id = SessionId.ofExternal("env", "chat-é");
    ChannelState state =
        new ChannelState(
            9,
            2,
            "fence",
            AT.toEpochMilli(),
            true,
            8,
            77,
            SparseIndex.of(
                2, new long[] {0, 4}, new long[] {1, 3}, new long[] {AT.toEpochMilli(), 9}),
            PartIdWindow.EMPTY.with(
                List.of(
                    new PartIdWindow.Block(
                        AT.toEpochMilli(),
                        new long[] {-1, 5},
                        new long[] {6, 7},
                        new long[] {3, 8}))),
            PartIdWindow.NO_BATCHES.with(
                List.of(
                    new PartIdWindow.Block(7, new long[] {-2}, new long[] {1}, new long[] {5}))));
    Session session =
        Session.restore(id, INFO, 12, Map.of(Channel.OUT, state), Waitpoints.EMPTY, null, null, 0);
    String golden =
        "0a610a07636861742dc3a91204636861741a047461736b22127b22626173655061796c6f6164223a"
            + "7b7d7d2a01612a016232077b226b223a317d38a3e49ac29f3440a4e49ac29f3448a5e49ac29f3450"
            + "a6e49ac29f345a04646f6e65620572756e5f31100c1a7a1001180920022a0566656e636530a3e49a"
            + "c29f343801404d4802520200045a020103622f08a3e49ac29f341210ffffffffffffffff05000000"
            + "000000001a1006000000000000000700000000000000220203086a07a3e49ac29f3409"
            + "721908071208feffffffffffffff1a080100000000000000220105"
            + "800109";
    assertThat(HexFormat.of().formatHex(SnapshotCodec.encode(session, Map.of()).bytes()))
        .isEqualTo(golden);
    assertThat(SnapshotCodec.decode(id, new StoredSnapshot(HexFormat.of().parseHex(golden))))
        .isEqualTo(new SnapshotCodec.Restored(session, Map.of()));
  }

  @Test
  void a_snapshot_without_timestamps_in_its_index_finds_every_time_from_the_beginning() {
    String stored =
        "0a610a07636861742dc3a91204636861741a047461736b22127b22626173655061796c6f6164223a"
            + "7b7d7d2a01612a016232077b226b223a317d38a3e49ac29f3440a4e49ac29f3448a5e49ac29f3450"
            + "a6e49ac29f345a04646f6e65620572756e5f31100c1a531001180920022a0566656e636530a3e49a"
            + "c29f343801404d4802520200045a020103622f08a3e49ac29f341210ffffffffffffffff05000000"
            + "000000001a100600000000000000070000000000000022020308";
    SparseIndex index =
        SnapshotCodec.decode(
                SessionId.ofExternal("env", "chat-é"),
                new StoredSnapshot(HexFormat.of().parseHex(stored)))
            .session()
            .channel(Channel.OUT)
            .index();
    assertThat(index.seqs()).containsExactly(0, 4);
    assertThat(index.seqBefore(AT.toEpochMilli())).isZero();
  }

  @Test
  void a_snapshot_keeps_how_far_the_journal_was_relieved_of_trimmed_records() {
    SessionId id = SessionId.ofExternal("env", "chat");
    ChannelState trimmed =
        new ChannelState(
            9,
            7,
            "",
            5,
            false,
            8,
            77,
            SparseIndex.EMPTY,
            PartIdWindow.EMPTY,
            PartIdWindow.NO_BATCHES);
    Session session =
        Session.restore(id, null, 3, Map.of(Channel.OUT, trimmed), Waitpoints.EMPTY, null, null, 0);
    StoredSnapshot stored = SnapshotCodec.encode(session, Map.of(Channel.OUT, 7L));
    String golden = "10031a111001180920073005404d48017807800109";
    assertThat(HexFormat.of().formatHex(stored.bytes())).isEqualTo(golden);
    assertThat(SnapshotCodec.decode(id, stored))
        .isEqualTo(new SnapshotCodec.Restored(session, Map.of(Channel.OUT, 7L)));
  }

  @Test
  void a_snapshot_keeps_the_turn_under_way_and_the_time_of_the_newest_message() {
    SessionId id = SessionId.ofExternal("env", "chat");
    Session session =
        Session.restore(
            id,
            null,
            3,
            Map.of(),
            Waitpoints.EMPTY,
            null,
            new Turns("agent", 6, new Turn(7, 2, AT)),
            AT.toEpochMilli());
    StoredSnapshot stored = SnapshotCodec.encode(session, Map.of());
    assertThat(HexFormat.of().formatHex(stored.bytes()))
        .isEqualTo("100342056167656e744806520b0807100218a3e49ac29f3458a3e49ac29f34");
    assertThat(SnapshotCodec.decode(id, stored).session()).isEqualTo(session);
  }

  @Test
  void bytes_of_a_later_version_with_more_fields_are_still_read() {
    byte[] known = EventCodec.encode(new SessionEvent.Closed(AT, "bye"));
    byte[] later = Arrays.copyOf(known, known.length + 3);
    // Field 100, varint 1: not in any message of today.
    later[known.length] = (byte) 0xa0;
    later[known.length + 1] = 0x06;
    later[known.length + 2] = 1;
    assertThat(EventCodec.decode("X", later)).isEqualTo(new SessionEvent.Closed(AT, "bye"));
  }
}
