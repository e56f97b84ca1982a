package dev.parley.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.RecordContent;
import dev.parley.session.Session;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionId;
import dev.parley.session.StreamAppend;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What leaves the journal after a purge, and when. */
class ErasureTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Instant LONG_AGO = NOW.minus(Duration.ofDays(30));
  private static final String SECRET = "what nobody may read again";

  private static EmbeddedPostgres postgres;
  private static Database database;

  private final SessionId id = SessionId.random("env");
  private final String persistenceId = StoredSessionId.of(id);

  @BeforeAll
  static void start() {
    postgres = TestPostgres.start();
    database = Database.open(postgres.address(), 4, Duration.ofSeconds(10));
  }

  @AfterAll
  static void stop() {
    database.close();
    postgres.close();
  }

  private static SessionEvent record(long seq) {
    return new SessionEvent.RecordsAppended(
        List.of(
            new StreamAppend(
                Channel.IN,
                seq,
                List.of(new StreamAppend.Entry(0, RecordContent.of(Bytes.utf8(SECRET)), true)),
                null)));
  }

  private static void insert(
      Connection connection, String persistenceId, long version, Instant at, SessionEvent event)
      throws SQLException {
    String sql =
        """
        with stored as (
          insert into event_journal (persistence_id, sequence_number, writer, write_timestamp,
            adapter_manifest, event_ser_id, event_ser_manifest, event_payload)
          values (?, ?, 'test', ?, '', 8450001, ?, ?) returning ordering)
        insert into event_tag (event_id, tag) select ordering, 'lifecycle-0' from stored
        """;
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setString(1, persistenceId);
      insert.setLong(2, version);
      insert.setLong(3, at.toEpochMilli());
      insert.setString(4, EventCodec.manifest(event));
      insert.setBytes(5, EventCodec.encode(event));
      insert.executeUpdate();
    }
  }

  /** Records at these times, then the purge now; the records' versions begin at 1. */
  private void purged(int atOldTimes, int lately) throws SQLException {
    try (Connection connection = database.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      for (int i = 0; i < atOldTimes + lately; i++) {
        insert(connection, persistenceId, i + 1, i < atOldTimes ? LONG_AGO : NOW, record(i));
      }
      long version = atOldTimes + lately + 1L;
      insert(connection, persistenceId, version, NOW, new SessionEvent.Purged(version, NOW));
      Erasure.put(connection, id, version);
      connection.commit();
    }
  }

  private static boolean work(Instant now) throws Exception {
    Clock clock = Clock.fixed(now, ZoneOffset.UTC);
    return new Erasure(database.dataSource(), Runnable::run, clock)
        .work()
        .toCompletableFuture()
        .get();
  }

  private static void workAll(Instant now) throws Exception {
    while (work(now)) {
      // More.
    }
  }

  private String query(String select) throws SQLException {
    return TestPostgres.query(postgres.address(), select.replace("$", "'" + persistenceId + "'"));
  }

  private String rows() throws SQLException {
    return query(
        "select string_agg(sequence_number || event_ser_manifest, ' ' order by sequence_number)"
            + " from event_journal where persistence_id = $");
  }

  private String tags() throws SQLException {
    return query(
        "select count(*) from event_tag join event_journal on ordering = event_id"
            + " where persistence_id = $");
  }

  private boolean isNoted() throws SQLException {
    return !TestPostgres.query(
            postgres.address(),
            "select count(*) from session_purge where friendly_id = '%s'"
                .formatted(id.friendlyId()))
        .equals("0");
  }

  /** The state that the journal leads to, as recovery finds it without a snapshot. */
  private Session recovered() throws SQLException {
    Session session = Session.empty(id);
    try (Connection connection = database.dataSource().getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "select event_ser_manifest, event_payload from event_journal"
                    + " where persistence_id = ? order by sequence_number")) {
      select.setString(1, persistenceId);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          session = session.apply(EventCodec.decode(rows.getString(1), rows.getBytes(2)));
        }
      }
    }
    return session;
  }

  @Test
  void old_rows_go_at_once_and_the_purge_stays() throws Exception {
    purged(1_300, 0);
    TestPostgres.execute(
        postgres.address(),
        "insert into snapshot values ('%s', 700, 0, 1, 'S', 'state')".formatted(persistenceId));
    workAll(NOW);
    assertThat(rows()).isEqualTo("1301G");
    assertThat(tags()).isEqualTo("1");
    assertThat(query("select count(*) from snapshot where persistence_id = $")).isEqualTo("0");
    assertThat(isNoted()).isFalse();
    assertThat(recovered().version()).isEqualTo(1_301);
  }

  @Test
  void rows_of_the_last_hour_keep_their_keys_but_nothing_else_and_go_later() throws Exception {
    purged(2, 3);
    workAll(NOW);
    assertThat(rows()).isEqualTo("3G 4G 5G 6G");
    assertThat(tags()).isEqualTo("1");
    assertThat(
            query(
                "select count(*) from event_journal where persistence_id = $"
                    + " and position('%s' in encode(event_payload, 'escape')) > 0"
                        .formatted(SECRET)))
        .isEqualTo("0");
    assertThat(isNoted()).isTrue();
    workAll(NOW.plus(Erasure.KEYS_STAY).minusSeconds(1));
    assertThat(rows()).isEqualTo("3G 4G 5G 6G");
    workAll(NOW.plus(Erasure.KEYS_STAY).plusSeconds(1));
    assertThat(rows()).isEqualTo("6G");
    assertThat(isNoted()).isFalse();
  }

  @Test
  void an_owner_that_was_overtaken_finds_its_next_number_taken() throws Exception {
    purged(0, 4);
    workAll(NOW);
    try (Connection connection = database.dataSource().getConnection()) {
      for (int version = 1; version <= 5; version++) {
        int stale = version;
        assertThatThrownBy(() -> insert(connection, persistenceId, stale, NOW, record(9)))
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("event_journal_pkey");
      }
    }
  }

  @Test
  void whenever_it_stops_the_session_recovers_to_the_same_state() throws Exception {
    purged(11_000, 10);
    List<Integer> sizes = new ArrayList<>();
    boolean more = true;
    while (more) {
      more = work(NOW);
      sizes.add(
          Integer.parseInt(query("select count(*) from event_journal where persistence_id = $")));
      Session session = recovered();
      assertThat(session.version()).isEqualTo(11_011);
      assertThat(session.retention().generation()).isEqualTo(11_011);
      assertThat(session.channels()).isEmpty();
    }
    assertThat(sizes).as("in several turns").hasSizeGreaterThan(1).last().isEqualTo(11);
  }

  @Test
  void a_reader_that_finds_nothing_any_more_is_told_why() throws Exception {
    purged(20, 20);
    ChannelJournal journal = new ChannelJournal(database.dataSource(), Runnable::run);
    ChannelJournal.Page before = read(journal, 40);
    assertThat(before.records()).hasSize(40);
    assertThat(before.purged()).isFalse();
    workAll(NOW);
    ChannelJournal.Page after = read(journal, 40);
    assertThat(after.records()).isEmpty();
    assertThat(after.purged()).isTrue();
    assertThat(read(journal, 41).purged()).as("of the session that came after").isFalse();
  }

  private ChannelJournal.Page read(ChannelJournal journal, long toVersion) throws Exception {
    return journal
        .read(
            new ChannelJournal.Query(
                persistenceId, Channel.IN, 0, 40, 1, toVersion, 1_000, 1 << 20, 16))
        .toCompletableFuture()
        .get();
  }

  @Test
  void what_was_said_before_the_purge_is_no_history_of_what_came_after() throws Exception {
    purged(1, 0);
    TestPostgres.execute(
        postgres.address(),
        """
        insert into event_tag select ordering, '%s' from event_journal
        where persistence_id = '%s' and sequence_number = 1
        """
            .formatted(EventTags.message(id, 0), persistenceId));
    assertThat(said(0)).as("as long as it is there").isEqualTo(1);
    assertThat(said(2)).isZero();
    workAll(NOW);
    assertThat(said(0)).isZero();
    assertThat(
            TestPostgres.query(
                postgres.address(),
                "select count(*) from event_tag where tag like '%" + id.friendlyId() + "%'"))
        .isEqualTo("0");
  }

  private int said(long generation) throws Exception {
    return new MessageJournal(database.dataSource(), Runnable::run)
        .read(new MessageJournal.Query(id, generation, -1, Long.MAX_VALUE, true, 10, Map.of()))
        .toCompletableFuture()
        .get()
        .messages()
        .size();
  }

  @Test
  void the_session_that_came_after_is_left_alone_and_a_second_purge_takes_it_too()
      throws Exception {
    purged(3, 0);
    try (Connection connection = database.dataSource().getConnection()) {
      insert(connection, persistenceId, 5, LONG_AGO, record(0));
      insert(connection, persistenceId, 6, LONG_AGO, record(1));
    }
    workAll(NOW);
    assertThat(rows()).isEqualTo("4G 5A 6A");
    try (Connection connection = database.dataSource().getConnection()) {
      insert(connection, persistenceId, 7, NOW, new SessionEvent.Purged(7, NOW));
      Erasure.put(connection, id, 7);
    }
    workAll(NOW);
    assertThat(rows()).isEqualTo("4G 7G");
    workAll(NOW.plus(Erasure.KEYS_STAY).plusSeconds(1));
    assertThat(rows()).isEqualTo("7G");
  }

  @Test
  void an_older_purge_that_is_noted_again_takes_nothing_of_a_newer_one() throws Exception {
    purged(3, 0);
    try (Connection connection = database.dataSource().getConnection()) {
      Erasure.put(connection, id, 9);
      Erasure.put(connection, id, 4);
    }
    assertThat(
            TestPostgres.query(
                postgres.address(),
                "select version from session_purge where friendly_id = '%s'"
                    .formatted(id.friendlyId())))
        .isEqualTo("9");
    workAll(NOW);
  }
}
