package dev.parley.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.Eventually;
import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.RecordContent;
import dev.parley.session.SequencedRecord;
import dev.parley.session.Session;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionId;
import dev.parley.session.StreamAppend;
import dev.parley.session.Waitpoints;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class JournalSpaceTest {
  private static final String UNIQUE_VIOLATION = "23505";
  private static final int PAGE_RECORDS = 1_000;
  private static final int PAGE_BYTES = 20_000;

  private static EmbeddedPostgres postgres;
  private static Database database;
  private static ExecutorService executor;
  private static JournalSpace space;
  private static ChannelJournal journal;

  private final SessionId id = SessionId.random("env");
  private final String persistenceId = "Session|" + id.entityId();
  private Session session = Session.empty(id);

  @BeforeAll
  static void start() {
    postgres = TestPostgres.start();
    database = Database.open(postgres.address(), 4, Duration.ofSeconds(20));
    executor = Executors.newSingleThreadExecutor();
    space = new JournalSpace(database.dataSource(), executor);
    journal = new ChannelJournal(database.dataSource(), Runnable::run);
  }

  @AfterAll
  static void stop() {
    executor.shutdown();
    database.close();
    postgres.close();
  }

  /** Events of one record of {@code .in} and three of {@code .out}, about 1 KiB each. */
  private void chat(int events) throws SQLException {
    List<SessionEvent> chat = new ArrayList<>();
    Session state = session;
    for (int i = 0; i < events; i++) {
      SessionEvent event =
          new SessionEvent.RecordsAppended(
              List.of(append(state, Channel.IN, 1), append(state, Channel.OUT, 3)));
      chat.add(event);
      state = state.apply(event);
    }
    store(chat);
  }

  private static StreamAppend append(Session state, Channel channel, int records) {
    long first = state.channel(channel).nextSeq();
    return new StreamAppend(
        channel,
        first,
        LongStream.range(first, first + records).mapToObj(JournalSpaceTest::entry).toList(),
        null);
  }

  private static StreamAppend.Entry entry(long seq) {
    return new StreamAppend.Entry(
        seq, RecordContent.of(Bytes.utf8("record " + seq + "x".repeat(1_000))));
  }

  private void store(List<SessionEvent> events) throws SQLException {
    try (Connection connection = database.dataSource().getConnection()) {
      for (SessionEvent event : events) {
        session = session.apply(event);
        insert(connection, session.version(), event);
      }
    }
  }

  private void insert(Connection connection, long version, SessionEvent event) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            insert into event_journal (persistence_id, sequence_number, writer, write_timestamp,
              event_ser_id, event_ser_manifest, event_payload)
            values (?, ?, 'w', 0, 1, ?, ?)
            """)) {
      insert.setString(1, persistenceId);
      insert.setLong(2, version);
      insert.setString(3, EventCodec.manifest(event));
      insert.setBytes(4, EventCodec.encode(event));
      insert.executeUpdate();
    }
  }

  private static Reclaim.Trim everywhere(Channel channel, long trimPoint) {
    return new Reclaim.Trim(channel, trimPoint, 1, Long.MAX_VALUE);
  }

  private Reclaim reclaim(long version, Reclaim.Trim... trims) {
    return new Reclaim(
        persistenceId,
        version,
        Stream.of(trims)
            .map(
                trim ->
                    new Reclaim.Trim(
                        trim.channel(),
                        trim.trimPoint(),
                        trim.fromVersion(),
                        Math.min(version, trim.toVersion())))
            .toList());
  }

  private void reclaimed(Reclaim reclaim) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    space.reclaim(reclaim, done::countDown);
    assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
  }

  private ChannelJournal.Page read(Channel channel, long fromSeq, long fromVersion)
      throws Exception {
    return journal
        .read(
            new ChannelJournal.Query(
                persistenceId,
                channel,
                fromSeq,
                session.channel(channel).nextSeq(),
                fromVersion,
                session.version(),
                PAGE_RECORDS,
                PAGE_BYTES,
                ChannelJournal.FIRST_ROWS))
        .toCompletableFuture()
        .get();
  }

  /** Reads to the end, page by page. */
  private List<Long> numbers(Channel channel, long fromSeq, long fromVersion) throws Exception {
    List<Long> numbers = new ArrayList<>();
    long next = fromSeq;
    long version = fromVersion;
    while (next < session.channel(channel).nextSeq()) {
      ChannelJournal.Page page = read(channel, next, version);
      assertThat(page.records()).isNotEmpty();
      for (SequencedRecord record : page.records()) {
        assertThat(record.content()).isEqualTo(entry(record.seq()).content());
        numbers.add(record.seq());
      }
      next = numbers.get(numbers.size() - 1) + 1;
      version = page.nextVersion();
    }
    return numbers;
  }

  private static List<Long> range(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }

  private long stored(String what) throws SQLException {
    return Long.parseLong(
        TestPostgres.query(
            postgres.address(),
            "select %s from event_journal where persistence_id = '%s'"
                .formatted(what, persistenceId)));
  }

  @Test
  void only_the_records_of_the_trimmed_stream_go_and_every_row_stays() throws Exception {
    chat(1_000);
    long bytesBefore = stored("sum(octet_length(event_payload))");

    reclaimed(reclaim(1_000, everywhere(Channel.OUT, 2_900)));

    assertThat(stored("count(*)")).isEqualTo(1_000);
    // What is left: a thousand records of .in and a hundred of .out, of four thousand.
    assertThat(stored("sum(octet_length(event_payload))"))
        .isBetween(bytesBefore * 27 / 100, bytesBefore * 28 / 100);
    assertThat(numbers(Channel.IN, 0, 1)).isEqualTo(range(0, 1_000));
    assertThat(numbers(Channel.OUT, 0, 1)).isEqualTo(range(2_900, 3_000));
  }

  @Test
  void an_owner_with_an_old_version_is_refused_also_by_an_emptied_row() throws Exception {
    chat(10);
    reclaimed(reclaim(10, everywhere(Channel.OUT, 30), everywhere(Channel.IN, 10)));
    assertThat(stored("sum(octet_length(event_payload))"))
        .isEqualTo(10L * TrimmedPayload.EMPTIED_SIZE);

    try (Connection connection = database.dataSource().getConnection()) {
      SessionEvent late =
          new SessionEvent.RecordsAppended(
              List.of(new StreamAppend(Channel.OUT, 12, List.of(entry(12)), null)));
      assertThatThrownBy(() -> insert(connection, 5, late))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(UNIQUE_VIOLATION));
    }
  }

  @Test
  void nobody_recovers_from_a_row_that_lost_records() throws Exception {
    chat(3);
    reclaimed(reclaim(3, everywhere(Channel.OUT, 5)));
    try (Connection connection = database.dataSource().getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "select event_payload from event_journal where persistence_id = ?"
                    + " order by sequence_number")) {
      select.setString(1, persistenceId);
      List<SessionEvent> events = new ArrayList<>();
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          events.add(EventCodec.decode(EventCodec.RECORDS_APPENDED, rows.getBytes(1)));
        }
      }
      assertThat(events)
          .extracting(event -> ((SessionEvent.RecordsAppended) event).trimmed())
          .containsExactly(true, true, false);
      assertThatThrownBy(() -> Session.empty(id).apply(events.get(0)))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void what_recovery_may_need_is_not_touched() throws Exception {
    chat(300);
    reclaimed(reclaim(100, everywhere(Channel.OUT, 900)));
    assertThat(numbers(Channel.OUT, 0, 1)).isEqualTo(range(300, 900));
    reclaimed(reclaim(300, everywhere(Channel.OUT, 900)));
    assertThat(read(Channel.OUT, 0, 1).records()).isEmpty();
    assertThat(numbers(Channel.IN, 0, 1)).isEqualTo(range(0, 300));
  }

  @Test
  void a_reader_in_the_middle_goes_on_at_the_trim_point_or_where_it_was() throws Exception {
    chat(500);
    ChannelJournal.Page in = read(Channel.IN, 0, 1);
    ChannelJournal.Page out = read(Channel.OUT, 0, 1);
    long inNext = in.records().size();
    long outNext = out.records().size();
    assertThat(outNext).isBetween(1L, 100L);

    reclaimed(reclaim(500, everywhere(Channel.OUT, 700)));

    assertThat(numbers(Channel.IN, inNext, in.nextVersion())).isEqualTo(range(inNext, 500));
    assertThat(numbers(Channel.OUT, outNext, out.nextVersion())).isEqualTo(range(700, 1_500));
  }

  @Test
  void a_page_has_no_gap_when_rows_behind_it_are_emptied_while_it_is_read() throws Exception {
    chat(4);
    // As if the first row had been read before a trim to 8, and the others after it.
    reclaimed(reclaim(4, new Reclaim.Trim(Channel.OUT, 8, 2, 4)));

    ChannelJournal.Page page = read(Channel.OUT, 0, 1);
    assertThat(page.records()).extracting(SequencedRecord::seq).containsExactly(0L, 1L, 2L);
    assertThat(read(Channel.OUT, 3, page.nextVersion()).records())
        .extracting(SequencedRecord::seq)
        .containsExactly(8L, 9L, 10L, 11L);
  }

  @Test
  void a_long_run_of_emptied_rows_is_passed_by_without_fetching_it() throws Exception {
    chat(1);
    SessionEvent emptied = new SessionEvent.RecordsAppended(List.of(), true);
    try (Connection connection = database.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      for (int version = 2; version <= 5_000; version++) {
        insert(connection, version, emptied);
      }
      connection.commit();
    }
    session = Session.restore(id, null, 5_000, session.channels(), Waitpoints.EMPTY, null, null, 0);
    chat(100);

    ChannelJournal.Page page = read(Channel.OUT, 0, 1);
    assertThat(page.records()).hasSize(PAGE_BYTES / 1_016);
    assertThat(page.nextVersion()).isEqualTo(5_006);
    // The size of the next fetch follows from rows with records alone.
    assertThat(page.rows()).isLessThan(10);
  }

  @Test
  void a_slower_node_with_an_older_trim_point_brings_nothing_back() throws Exception {
    chat(1);
    try (Connection other = database.dataSource().getConnection();
        PreparedStatement update =
            other.prepareStatement(
                "update event_journal set event_payload = ? where persistence_id = ?")) {
      other.setAutoCommit(false);
      update.setBytes(1, EventCodec.encode(new SessionEvent.RecordsAppended(List.of(), true)));
      update.setString(2, persistenceId);
      update.executeUpdate();
      CountDownLatch done = new CountDownLatch(1);
      space.reclaim(reclaim(1, everywhere(Channel.OUT, 1)), done::countDown);
      // It has read the row as it was and waits for the other to write.
      assertThat(
              Eventually.within(
                  Duration.ofSeconds(10),
                  () -> query("select count(*) from pg_locks where not granted").equals("1")))
          .isTrue();
      other.commit();
      assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(stored("sum(octet_length(event_payload))")).isEqualTo(TrimmedPayload.EMPTIED_SIZE);
  }

  private static String query(String sql) {
    try {
      return TestPostgres.query(postgres.address(), sql);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void what_failed_is_made_up_for_by_the_next_request() throws Exception {
    chat(10);
    AtomicBoolean done = new AtomicBoolean();
    TestPostgres.execute(postgres.address(), "alter table event_journal rename to away");
    try {
      space.reclaim(reclaim(10, everywhere(Channel.OUT, 10)), () -> done.set(true));
      executor.submit(() -> {}).get();
    } finally {
      TestPostgres.execute(postgres.address(), "alter table away rename to event_journal");
    }
    assertThat(done).isFalse();
    assertThat(numbers(Channel.OUT, 0, 1)).isEqualTo(range(0, 30));

    reclaimed(reclaim(10, everywhere(Channel.OUT, 20)));
    assertThat(numbers(Channel.OUT, 0, 1)).isEqualTo(range(20, 30));
  }

  @Test
  void older_snapshots_go_whether_something_was_trimmed_or_not() throws Exception {
    for (int version : List.of(3, 7, 9)) {
      TestPostgres.execute(
          postgres.address(),
          "insert into snapshot values ('%s', %d, 0, 1, 'S', '')"
              .formatted(persistenceId, version));
    }
    reclaimed(reclaim(7));
    assertThat(
            query(
                "select string_agg(sequence_number::text, ' ' order by sequence_number)"
                    + " from snapshot where persistence_id = '%s'".formatted(persistenceId)))
        .isEqualTo("7 9");
  }
}
