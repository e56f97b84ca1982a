package dev.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.Eventually;
import dev.parley.clickhouse.TestClickHouse;
import dev.parley.journal.JournalFeed;
import dev.parley.projection.clickhouse.ClickHouse;
import dev.parley.projection.clickhouse.ClickHouseAddress;
import dev.parley.projection.clickhouse.ClickHouseProjection;
import dev.parley.projection.clickhouse.ClickHouseTraces;
import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.Given;
import dev.parley.session.RecordContent;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Real sessions, a real journal and a real ClickHouse, which may be away. */
class ClickHouseProjectionTest {
  private static final String ENVIRONMENT = "env/ü";
  private static final Duration EXACT_WITHIN = Duration.ofSeconds(2);
  private static final Duration CAUGHT_UP_WITHIN = Duration.ofSeconds(30);
  private static final Duration STARTED_WITHIN = Duration.ofSeconds(20);

  private static IndexDatabase database;
  private static TestClickHouse engine;
  private static ProjectionNode node;
  private static int size;

  @BeforeAll
  static void start() throws Exception {
    TestClickHouse.assumeAvailable();
    engine = TestClickHouse.start();
    database = IndexDatabase.start();
    node = startNode();
    SessionId first = create("first");
    await(first, STARTED_WITHIN, "1", "count()");
  }

  @AfterAll
  static void stop() throws Exception {
    if (node != null) {
      node.close();
      database.close();
      engine.close();
    }
  }

  private static ProjectionNode startNode() {
    return ProjectionNode.start(
        database,
        system ->
            ClickHouseProjection.start(
                system,
                client(),
                database.pool(),
                database.executor(),
                new JournalFeed(database.pool(), database.executor()),
                Duration.ofMillis(100),
                Duration.ofDays(30)));
  }

  private static ClickHouse client() {
    return new ClickHouse(ClickHouseAddress.parse(engine.url()));
  }

  @Test
  void counters_are_exact_within_two_seconds_of_the_last_write() throws Exception {
    SessionId id = create("counted");
    append(id, Channel.IN, 3);
    append(id, Channel.OUT, 5);
    append(id, new Channel("side", Channel.IN.direction()), 7);
    append(id, Channel.OUT, 2);
    await(
        id,
        EXACT_WITHIN,
        "3,%d,7,%d".formatted(3 * size, 7 * size),
        "records_in, bytes_in, records_out, bytes_out");
    // The row comes before the events behind it.
    String wanted = "[[17,%d,7]]".formatted(17 * size);
    assertThat(Eventually.within(EXACT_WITHIN, () -> appended(id).equals(wanted)))
        .as(appended(id))
        .isTrue();
  }

  /** Records and bytes that are counted, and commits on the side channel. */
  private static String appended(SessionId id) {
    return engine
        .rows(
            "select sum(count), sum(bytes), countIf(channel = 'side')"
                + " from session_events_v1 final"
                + " where session_id = {id:String} and kind = 'records'"
                + " and channel != 'lifecycle'",
            Map.of("id", id.friendlyId()))
        .toString();
  }

  @Test
  void a_row_follows_the_life_of_its_session_and_keeps_its_counters() throws Exception {
    SessionId id = create("lived");
    append(id, Channel.IN, 4);
    node.ask(id, new SessionCommand.Update(List.of("x", "it's"), new Given<>("{\"a\":1}"), null));
    await(id, EXACT_WITHIN, "['x','it\\'s'],{\"a\":1},4", "tags, metadata, records_in");
    node.ask(id, new SessionCommand.Close("done", null, "r"));
    // The close has its record on .in, too.
    await(id, EXACT_WITHIN, "1,done,5", "closed_at is not null, closed_reason, records_in");
    List<String> all = List.of("created", "updated", "closed", "records");
    // The row comes before the events behind it.
    assertThat(Eventually.within(EXACT_WITHIN, () -> kinds(id).containsAll(all))).isTrue();
  }

  @Test
  void nothing_is_left_of_a_purged_session_and_its_id_can_be_used_again() throws Exception {
    SessionId id = create("purged");
    append(id, Channel.IN, 2);
    await(id, EXACT_WITHIN, "2", "records_in");
    node.ask(id, new SessionCommand.Close(null, null, "r"));
    SessionReply reply = node.ask(id, new SessionCommand.Purge());
    long version = ((SessionReply.Purged) reply).version();
    ClickHouseTraces traces = new ClickHouseTraces(client());
    assertThat(
            Eventually.within(
                CAUGHT_UP_WITHIN,
                () -> traces.count(id, version).toCompletableFuture().join() == 0))
        .isTrue();
    create("purged");
    append(id, Channel.OUT, 1);
    await(id, EXACT_WITHIN, "0,1", "records_in, records_out");
  }

  @Test
  void has_the_same_tables_after_everything_was_applied_again() throws Exception {
    List<SessionId> ids = IntStream.range(0, 20).mapToObj(i -> live("again " + i)).toList();
    await(ids.get(19), EXACT_WITHIN, "1", "closed_at is not null");
    List<String> before = tables(ids);
    for (String forget :
        List.of("select 1", "truncate table sessions_v1", "truncate table session_events_v1")) {
      node.close();
      engine.execute(forget);
      database.execute(
          "delete from pekko_projection_offset_store where projection_name = 'clickhouse'");
      node = startNode();
      assertThat(
              Eventually.within(CAUGHT_UP_WITHIN, () -> caughtUp() && tables(ids).equals(before)))
          .as(forget)
          .isTrue();
    }
  }

  @Test
  void a_damaged_event_is_parked_and_those_behind_it_are_not_held_up() throws Exception {
    // In the slice of the sessions behind it, whichever that is.
    String damaged = "Session|" + ENVIRONMENT + "/session_" + "0".repeat(31);
    try (Connection connection = database.pool().getConnection();
        PreparedStatement insert =
            connection.prepareStatement(
                """
                insert into event_journal (persistence_id, sequence_number, writer,
                  write_timestamp, event_ser_id, event_ser_manifest, event_payload)
                values (?, 1, 'test', 0, 8450001, 'U', '\\x0a')
                """)) {
      for (int digit = 0; digit < JournalFeed.SLICES; digit++) {
        insert.setString(1, damaged + digit);
        insert.executeUpdate();
      }
    }
    SessionId id = create("behind");
    append(id, Channel.IN, 1);
    await(id, CAUGHT_UP_WITHIN, "1", "records_in");
    assertThat(Eventually.within(CAUGHT_UP_WITHIN, () -> parked() && caughtUp())).isTrue();
  }

  @Test
  void appends_do_not_notice_when_it_is_away_and_it_catches_up_by_itself() throws Exception {
    org.junit.jupiter.api.Assumptions.assumeTrue(engine.isOurs(), "the engine is not ours to stop");
    SessionId id = create("away");
    append(id, Channel.IN, 1);
    await(id, EXACT_WITHIN, "1", "records_in");
    engine.kill();
    long slowest = 0;
    for (int i = 0; i < 50; i++) {
      long start = System.nanoTime();
      append(id, Channel.IN, 1);
      slowest = Math.max(slowest, System.nanoTime() - start);
    }
    assertThat(Duration.ofNanos(slowest)).isLessThan(Duration.ofSeconds(2));
    engine.restart();
    await(id, CAUGHT_UP_WITHIN, "51", "records_in");
    engine.pause();
    append(id, Channel.OUT, 3);
    engine.resume();
    await(id, CAUGHT_UP_WITHIN, "51,3", "records_in, records_out");
  }

  private static SessionId live(String externalId) {
    try {
      SessionId id = create(externalId);
      append(id, Channel.IN, 2);
      node.ask(id, new SessionCommand.Update(List.of("t"), null, null));
      append(id, Channel.OUT, 3);
      node.ask(id, new SessionCommand.Close("r", null, "x"));
      return id;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Both tables, as far as they are about these sessions. */
  private static List<String> tables(List<SessionId> ids) {
    List<String> rows = new ArrayList<>();
    for (SessionId id : ids) {
      for (String table : List.of("sessions_v1", "session_events_v1")) {
        rows.add(
            engine
                .rows(
                    "select * from " + table + " final where session_id = {id:String} order by all",
                    Map.of("id", id.friendlyId()))
                .toString());
      }
    }
    return rows;
  }

  private static boolean caughtUp() {
    return truth(
        """
        select count(*) = 4 and bool_and(not exists (
          select 1 from event_journal
          where ordering > current_offset::bigint and event_ser_id = 8450001
            and (ascii(right(persistence_id, 1)) & 3) = projection_key::int))
        from pekko_projection_offset_store where projection_name = 'clickhouse'
        """);
  }

  private static boolean parked() {
    return truth("select count(*) = 4 from projection_parked where projection = 'clickhouse'");
  }

  private static boolean truth(String sql) {
    try (Connection connection = database.pool().getConnection();
        PreparedStatement select = connection.prepareStatement(sql);
        var row = select.executeQuery()) {
      row.next();
      return row.getBoolean(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> kinds(SessionId id) {
    return engine
        .rows(
            "select distinct kind from session_events_v1 where session_id = {id:String}",
            Map.of("id", id.friendlyId()))
        .stream()
        .map(row -> row.get(0).asText())
        .toList();
  }

  /** Waits until these columns of the session's newest row are so. */
  private static void await(SessionId id, Duration patience, String wanted, String columns) {
    boolean came = Eventually.within(patience, () -> row(id, columns).equals(wanted));
    assertThat(came).as("%s of %s is %s", columns, id, row(id, columns)).isTrue();
  }

  private static String row(SessionId id, String columns) {
    try {
      List<JsonNode> rows =
          engine.rows(
              "select concat(toString("
                  + columns.replace(", ", "), ',', toString(")
                  + "))"
                  + " from sessions_v1 final where session_id = {id:String}",
              Map.of("id", id.friendlyId()));
      return rows.isEmpty() ? "none" : rows.get(0).get(0).asText();
    } catch (RuntimeException away) {
      return away.getMessage();
    }
  }

  private static SessionId create(String externalId) throws Exception {
    return node.create(ENVIRONMENT, externalId, null);
  }

  private static void append(SessionId id, Channel channel, int records) throws Exception {
    RecordContent content = RecordContent.of(Bytes.utf8("{\"data\":\"x\",\"id\":\"y\"}"));
    size = content.meteredSize();
    for (int i = 0; i < records; i++) {
      SessionCommand append = SessionCommand.Append.single(channel, content, null);
      assertThat(node.ask(id, append)).isInstanceOf(SessionReply.Appended.class);
    }
  }
}
