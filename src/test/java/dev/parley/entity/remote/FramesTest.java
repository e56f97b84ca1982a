package dev.parley.entity.remote;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.parley.entity.Inspection;
import dev.parley.entity.ReadReply;
import dev.parley.entity.RecordBatch;
import dev.parley.entity.SessionMessage;
import dev.parley.session.Activity;
import dev.parley.session.Bytes;
import dev.parley.session.Callback;
import dev.parley.session.Channel;
import dev.parley.session.ChannelState;
import dev.parley.session.Clockwork;
import dev.parley.session.Direction;
import dev.parley.session.Header;
import dev.parley.session.Message;
import dev.parley.session.PartId;
import dev.parley.session.PartIdWindow;
import dev.parley.session.Portrait;
import dev.parley.session.Position;
import dev.parley.session.RecordContent;
import dev.parley.session.RestoredPiece;
import dev.parley.session.SequencedRecord;
import dev.parley.session.Session;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionCommand.Append;
import dev.parley.session.SessionCommand.Draft;
import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import dev.parley.session.SessionReply;
import dev.parley.session.SparseIndex;
import dev.parley.session.StreamAppend;
import dev.parley.session.Turn;
import dev.parley.session.TurnOutcome;
import dev.parley.session.Waitpoint;
import dev.parley.session.Waitpoints;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is too large for a frame vanishes; so nothing may be. */
class FramesTest {
  private static final int MIB = 1_048_576;

  private static final ActorTestKit KIT =
      ActorTestKit.create("golden", ConfigFactory.parseString("pekko.actor.provider = local"));

  private static final SessionMessageSerializer SERIALIZER =
      new SessionMessageSerializer(RemoteFormat.classic(KIT.system()));

  private static final ActorRef<SessionReply> NOBODY = KIT.system().deadLetters().unsafeUpcast();
  private static final Channel SIDE = new Channel("c".repeat(128), Direction.OUT);

  private static final SessionInfo LARGEST_ROW =
      new SessionInfo(
          "e".repeat(256),
          "t".repeat(128),
          "t".repeat(128),
          "c".repeat(65_536),
          Collections.nCopies(10, "t".repeat(1_000)),
          "m".repeat(65_536),
          "r",
          Examples.AT,
          Examples.AT,
          Examples.AT,
          Examples.AT,
          "d".repeat(1_024),
          Examples.AT);

  private static final ChannelState ENDS =
      new ChannelState(
          Long.MAX_VALUE,
          0,
          "f".repeat(36),
          Long.MAX_VALUE,
          true,
          Long.MAX_VALUE - 1,
          Long.MAX_VALUE,
          SparseIndex.EMPTY,
          PartIdWindow.EMPTY,
          PartIdWindow.NO_BATCHES);

  @AfterAll
  static void stopKit() {
    KIT.shutdownTestKit();
  }

  @Test
  void the_frame_is_as_large_as_these_tests_take_it_to_be() {
    assertThat(
            ConfigFactory.parseResources("application.conf")
                .getBytes("pekko.remote.artery.advanced.maximum-frame-size"))
        .isEqualTo(2 * MIB);
  }

  private static void fits(Object message) {
    assertThat(SERIALIZER.toBinary(message).length).isLessThan(RemoteFormat.MAX_BYTES);
  }

  private static void fits(SessionCommand command) {
    fits(new SessionMessage.Ask(command, Long.MAX_VALUE, NOBODY));
  }

  /** Records of exactly 1 MiB metered, made of what takes the most bytes beside it. */
  static Stream<RecordContent> largestRecords() {
    Bytes letter = Bytes.utf8("n");
    return Stream.of(
        RecordContent.of(Bytes.wrap(new byte[MIB - 8])),
        new RecordContent(
            Collections.nCopies((MIB - 8) / 4, new Header(letter, letter)), Bytes.EMPTY),
        new RecordContent(
            Collections.nCopies((MIB - 8) / 3, new Header(letter, Bytes.EMPTY)), Bytes.EMPTY),
        new RecordContent(
            Collections.nCopies(
                (MIB - 8) / 258, new Header(Bytes.wrap(new byte[128]), Bytes.wrap(new byte[128]))),
            Bytes.EMPTY));
  }

  @ParameterizedTest
  @MethodSource("largestRecords")
  void a_record_of_the_largest_size_fits_both_ways(RecordContent record) {
    assertThat(record.meteredSize()).isBetween(MIB - 258, MIB);
    fits(append(List.of(new Draft(Long.MAX_VALUE, record))));
    fits(
        new ReadReply.Records(
            new RecordBatch(
                List.of(new SequencedRecord(Long.MAX_VALUE - 1, Long.MAX_VALUE, record)),
                new Position(Long.MAX_VALUE, Long.MAX_VALUE))));
  }

  private static Append append(List<Draft> records) {
    return new Append(
        SIDE,
        records,
        new PartId(-1, -1),
        Long.MAX_VALUE,
        "f".repeat(108),
        true,
        true,
        new Turn(Long.MAX_VALUE, Integer.MAX_VALUE, Examples.AT));
  }

  @Test
  void the_largest_number_of_records_fits_both_ways() {
    RecordContent record = RecordContent.of(Bytes.wrap(new byte[MIB / 1_000 - 8]));
    fits(append(Collections.nCopies(Append.MAX_RECORDS, new Draft(Long.MAX_VALUE, record))));
    fits(
        new ReadReply.Records(
            new RecordBatch(
                Collections.nCopies(
                    RecordBatch.MAX_RECORDS, new SequencedRecord(0, Long.MAX_VALUE, record)),
                new Position(Long.MAX_VALUE, Long.MAX_VALUE))));
  }

  /** As {@code SeriesParts} bounds it: 1 000 appends, 16 384 records, 1 MiB. */
  @Test
  void the_largest_series_fits() {
    Draft small =
        new Draft(Long.MAX_VALUE, RecordContent.of(Bytes.wrap(new byte[MIB / 16_384 - 8])));
    SessionCommand series =
        new SessionCommand.AppendSeries(
            Collections.nCopies(1_000, append(Collections.nCopies(16, small))));
    fits(series);
    fits(
        new SessionReply.SeriesAppended(
            Collections.nCopies(
                1_000,
                new SessionReply.Appended(
                    new Position(Long.MAX_VALUE, Long.MAX_VALUE),
                    new Position(Long.MAX_VALUE, Long.MAX_VALUE),
                    new Position(Long.MAX_VALUE, Long.MAX_VALUE),
                    true))));
  }

  static Stream<String> largestContents() {
    return Stream.of(
        "x".repeat(MIB - 1_000), "\uD800".repeat((MIB - 1_000) / 6), "é".repeat(MIB / 2 - 1_000));
  }

  @ParameterizedTest
  @MethodSource("largestContents")
  void a_message_of_a_conversation_of_the_largest_size_fits(String content) {
    Message message =
        new Message("i".repeat(36), Message.Role.AGENT, content, "a", "r", "", "r".repeat(36));
    assertThat(Draft.of(message).content().meteredSize()).isLessThan(MIB);
    fits(append(List.of(Draft.of(message))));
    fits(new SessionCommand.Send(message, new PartId(-1, -1)));
    fits(
        new SessionCommand.EndTurn(
            new Turn(1, 1, Examples.AT), TurnOutcome.ANSWERED, message, null));
  }

  private static Waitpoint largestWaitpoint(int number) {
    return new Waitpoint(
        "%074d".formatted(number),
        SIDE,
        Long.MAX_VALUE,
        Examples.AT,
        Examples.AT,
        Collections.nCopies(10, "t".repeat(128)),
        null,
        null,
        null,
        Callback.to("u".repeat(Callback.MAX_URL_LENGTH), "o".repeat(100)));
  }

  @ParameterizedTest
  @MethodSource("largestRecords")
  void a_piece_of_a_copy_fits_with_the_largest_state(RecordContent record) {
    Map<Channel, ChannelState> streams = new HashMap<>();
    for (int i = 0; i < Session.MAX_STREAMS; i++) {
      streams.put(new Channel("%0128d".formatted(i), Direction.OUT), ENDS);
    }
    List<Waitpoint> waitpoints =
        IntStream.range(0, 1_000).mapToObj(FramesTest::largestWaitpoint).toList();
    Session target =
        Portrait.of(
            Session.restore(
                SessionId.ofExternal("env", "chat"),
                LARGEST_ROW,
                1,
                streams,
                Waitpoints.of(waitpoints),
                null,
                null,
                1));
    assertThat(target.waitpoints().all()).hasSizeBetween(50, 200);
    StreamAppend append =
        new StreamAppend(
            SIDE, 1, List.of(new StreamAppend.Entry(Long.MAX_VALUE, record, true)), null);
    fits(new SessionCommand.Restore(target, List.of(new RestoredPiece.Records(append)), true));
    fits(new SessionReply.Portrayed(target, 1, 1, false));
  }

  /** Bodies of the control plane have 32 KiB at most, twice of what is kept of them. */
  @Test
  void rows_fit() {
    fits(
        new Inspection(
            LARGEST_ROW,
            new Clockwork(Examples.LIFETIME, Examples.AT, Activity.AGENT),
            1,
            Position.START,
            true,
            1,
            1));
    fits(new SessionReply.Row(LARGEST_ROW));
    fits(new SessionReply.Sent(Position.START, LARGEST_ROW, Examples.LIFETIME, true, 1, true));
  }

  /** What {@code RecordCodec} says of itself. */
  @Property(tries = 300)
  void a_record_takes_a_128th_more_than_is_metered_and_32_bytes(
      @ForAll @Size(max = 20) List<@IntRange(max = 40_000) Integer> lengths,
      @ForAll @IntRange(max = 70_000) int body) {
    List<Header> headers =
        lengths.stream()
            .map(length -> new Header(Bytes.utf8("n"), Bytes.wrap(new byte[length])))
            .toList();
    RecordContent record = new RecordContent(headers, Bytes.wrap(new byte[body]));
    int metered = record.meteredSize();
    assertThat(RecordCodec.toProto(new Draft(Long.MIN_VALUE, record)).getSerializedSize() + 5)
        .isLessThanOrEqualTo(metered + metered / 128 + 32);
  }
}
