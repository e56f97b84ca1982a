package dev.parley.entity;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.parley.Eventually;
import dev.parley.TestServer;
import dev.parley.journal.DatabaseAddress;
import dev.parley.journal.EventCodec;
import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.Header;
import dev.parley.session.RecordContent;
import dev.parley.session.SequencedRecord;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionCommand.Append;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import dev.parley.session.StreamAppend;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a trim leaves of a session in a real server, whose {@code .in} is never trimmed. */
class ReclaimedSessionTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(ConfigFactory.parseString("pekko.actor.provider = local"));
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int TURNS = 40;
  private static final int RECORDS_PER_TURN = 20;
  private static final int RECORD_BYTES = 4_000;

  private final SessionId id = SessionId.random(TestServer.ACME);
  private long outBytes;

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @BeforeEach
  void create() throws Exception {
    assertThat(
            ask(
                new SessionCommand.Create(
                    null, "t", "t", "{}", null, null, null, null, null, "run")))
        .isInstanceOf(SessionReply.Started.class);
  }

  private SessionReply ask(SessionCommand command) throws Exception {
    return get(TestServer.sessions().ask(id, command));
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private long append(Channel channel, RecordContent record) throws Exception {
    return ((SessionReply.Appended) ask(Append.single(channel, record, null))).start().seq();
  }

  private void turns(int turns) throws Exception {
    for (int turn = 0; turn < turns; turn++) {
      append(Channel.IN, RecordContent.of(Bytes.utf8("question")));
      for (int i = 0; i < RECORDS_PER_TURN; i++) {
        append(Channel.OUT, RecordContent.of(Bytes.utf8("x".repeat(RECORD_BYTES))));
        outBytes += RECORD_BYTES;
      }
    }
  }

  private long trimOut(long to) throws Exception {
    return append(
        Channel.OUT,
        new RecordContent(
            List.of(new Header(Bytes.EMPTY, Bytes.utf8("trim"))),
            Bytes.wrap(ByteBuffer.allocate(8).putLong(to).array())));
  }

  private Source<ReadEvent, NotUsed> drain(Channel channel) throws Exception {
    Inspection inspection = get(TestServer.sessions().inspect(id, channel));
    return TestServer.sessions().drain(id, channel, 0, inspection);
  }

  private List<Long> numbers(Channel channel) throws Exception {
    return numbers(get(drain(channel).runWith(Sink.seq(), KIT.system())));
  }

  private static List<Long> numbers(List<ReadEvent> events) {
    assertThat(events).isNotEmpty().last().isInstanceOf(ReadEvent.Done.class);
    List<Long> numbers = new ArrayList<>();
    for (ReadEvent event : events) {
      if (event instanceof ReadEvent.Batch batch) {
        batch.records().records().stream().map(SequencedRecord::seq).forEach(numbers::add);
      }
    }
    return numbers;
  }

  private static List<Long> range(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }

  private long stored(String what) {
    String sql = "select " + what + " from event_journal where persistence_id = ?";
    try (Connection connection = connect();
        PreparedStatement select = connection.prepareStatement(sql)) {
      select.setString(1, SessionEntity.persistenceId(id).id());
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static Connection connect() throws SQLException {
    DatabaseAddress database = TestServer.database();
    return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
  }

  private boolean awaitStoredBelow(long bytes) {
    return Eventually.within(PATIENCE, () -> stored("sum(octet_length(event_payload))") < bytes);
  }

  /** What the session's own actor will find in its way, so that it has to recover. */
  private void writeAsAnotherOwner(long inSeq) throws SQLException {
    SessionEvent event =
        new SessionEvent.RecordsAppended(
            List.of(
                new StreamAppend(
                    Channel.IN,
                    inSeq,
                    List.of(new StreamAppend.Entry(0, RecordContent.of(Bytes.utf8("theirs")))),
                    null)));
    String sql =
        """
        insert into event_journal (persistence_id, sequence_number, writer, write_timestamp,
          adapter_manifest, event_ser_id, event_ser_manifest, event_payload)
        select persistence_id, max(sequence_number) + 1, 'another owner', 0, '', max(event_ser_id),
          ?, ?
        from event_journal where persistence_id = ? group by persistence_id
        """;
    try (Connection connection = connect();
        PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setString(1, EventCodec.manifest(event));
      insert.setBytes(2, EventCodec.encode(event));
      insert.setString(3, SessionEntity.persistenceId(id).id());
      assertThat(insert.executeUpdate()).isEqualTo(1);
    }
  }

  @Test
  void a_session_that_is_trimmed_after_each_turn_keeps_about_what_is_not_trimmed()
      throws Exception {
    for (int turn = 0; turn < TURNS; turn++) {
      turns(1);
      trimOut(get(TestServer.sessions().inspect(id, Channel.OUT)).tail().seq());
    }
    // Up to one MiB may wait for the next snapshot.
    assertThat(outBytes).isGreaterThan(3_000_000);
    assertThat(awaitStoredBelow(1_400_000)).isTrue();
  }

  @Test
  void all_that_was_not_trimmed_is_there_after_recovery_and_numbers_go_on() throws Exception {
    turns(TURNS);
    long outEnd = (long) TURNS * RECORDS_PER_TURN;
    long rows = stored("max(sequence_number)");
    assertThat(trimOut(outEnd - 30)).isEqualTo(outEnd);

    assertThat(awaitStoredBelow(200_000)).isTrue();
    assertThat(stored("count(*)")).isEqualTo(rows + 1);

    writeAsAnotherOwner(TURNS);
    RecordContent late = RecordContent.of(Bytes.utf8("late"));
    assertThat(ask(Append.single(Channel.OUT, late, null)))
        .isInstanceOf(SessionReply.OutcomeUnknown.class);
    assertThat(append(Channel.OUT, late)).isEqualTo(outEnd + 1);
    assertThat(append(Channel.IN, late)).isEqualTo(TURNS + 1);
    assertThat(numbers(Channel.IN)).isEqualTo(range(0, TURNS + 2));
    assertThat(numbers(Channel.OUT)).isEqualTo(range(outEnd - 30, outEnd + 2));
  }

  @Test
  void a_reader_that_is_catching_up_meanwhile_goes_on_at_the_trim_point() throws Exception {
    turns(TURNS);
    long outEnd = (long) TURNS * RECORDS_PER_TURN;
    SinkQueueWithCancel<ReadEvent> reader = drain(Channel.OUT).runWith(Sink.queue(), KIT.system());
    List<ReadEvent> seen = new ArrayList<>();
    seen.add(get(reader.pull()).orElseThrow());

    trimOut(outEnd - 30);
    assertThat(awaitStoredBelow(200_000)).isTrue();

    for (var next = get(reader.pull()); next.isPresent(); next = get(reader.pull())) {
      seen.add(next.get());
    }
    List<Long> numbers = numbers(seen);
    int before = numbers.indexOf(outEnd - 30);
    // A few batches were on their way; all others were read after the trim.
    assertThat(before).isBetween(1, 700);
    assertThat(numbers.subList(0, before)).isEqualTo(range(0, before));
    // The trim itself came after the inspection, but may share a batch with what came before it.
    assertThat(numbers.subList(before, numbers.size()))
        .isIn(range(outEnd - 30, outEnd), range(outEnd - 30, outEnd + 1));
  }
}
