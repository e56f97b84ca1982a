package dev.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.Eventually;
import dev.parley.journal.JournalFeed;
import dev.parley.projection.activity.ActivityProjection;
import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.RecordContent;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What PostgreSQL has counted, beside what the journal holds. */
class ActivityProjectionTest {
  private static final String ENVIRONMENT = "env_a";
  private static final Duration EXACT_WITHIN = Duration.ofSeconds(2);
  private static final Duration STARTED_WITHIN = Duration.ofSeconds(20);

  private static final String SUMS =
      """
      select coalesce(sum(created), 0), coalesce(sum(closed), 0), coalesce(sum(records_in), 0),
        coalesce(sum(bytes_in), 0), coalesce(sum(records_out), 0)
      from session_activity
      """;

  private static IndexDatabase database;
  private static ProjectionNode node;

  @BeforeAll
  static void start() {
    database = IndexDatabase.start();
    node = startNode();
  }

  @AfterAll
  static void stop() throws Exception {
    node.close();
    database.close();
  }

  private static ProjectionNode startNode() {
    return ProjectionNode.start(
        database,
        system ->
            ActivityProjection.start(
                system,
                database.pool(),
                new JournalFeed(database.pool(), database.executor()),
                Duration.ofMillis(100),
                Duration.ofDays(1)));
  }

  @Test
  void sums_are_exact_soon_and_stay_so_whatever_is_started_again() throws Exception {
    node.close();
    database.execute(
        "truncate session_activity, session_activity_position, event_journal, event_tag,"
            + " pekko_projection_offset_store");
    node = startNode();
    SessionId first = create("first");
    await("1,0,0,0,0", STARTED_WITHIN);
    append(first, Channel.IN, 3);
    append(first, Channel.OUT, 2);
    append(first, new Channel("side", Channel.OUT.direction()), 4);
    int size = content().meteredSize();
    await("1,0,3," + 3 * size + ",6", EXACT_WITHIN);

    // Ended in the middle of things, and begun again.
    for (int i = 0; i < 2; i++) {
      SessionId other = create("other " + i);
      append(other, Channel.OUT, 5);
      node.close();
      node = startNode();
    }
    await("3,0,3," + 3 * size + ",16", STARTED_WITHIN);

    node.ask(first, new SessionCommand.Close(null, "run_1", "run_1"));
    await("3,1,3," + 3 * size + ",16", EXACT_WITHIN);
    node.ask(first, new SessionCommand.Purge());
    await("2,0,0,0,10", EXACT_WITHIN);
  }

  @Test
  void who_was_overtaken_adds_nothing() throws Exception {
    String empty = sums();
    SessionId id = create("overtaken");
    assertThat(Eventually.within(STARTED_WITHIN, () -> !sums().equals(empty))).isTrue();
    // As if another node had gone on and this one had not noticed.
    database.execute("update session_activity_position set position = position + 1000000");
    String before = sums();
    append(id, Channel.IN, 1);
    assertThat(Eventually.within(Duration.ofSeconds(3), () -> !sums().equals(before))).isFalse();
    database.execute("update session_activity_position set position = position - 1000000");
    assertThat(Eventually.within(STARTED_WITHIN, () -> !sums().equals(before))).isTrue();
  }

  private static void await(String sums, Duration patience) {
    boolean came = Eventually.within(patience, () -> sums().equals(sums));
    assertThat(came).as("%s is %s", sums(), sums).isTrue();
  }

  private static String sums() {
    return row(SUMS);
  }

  private static String row(String sql) {
    try (Connection connection = database.pool().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      StringBuilder values = new StringBuilder();
      for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
        values.append(i > 1 ? "," : "").append(row.getString(i));
      }
      return values.toString();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SessionId create(String externalId) throws Exception {
    return node.create(ENVIRONMENT, externalId, null);
  }

  private static RecordContent content() {
    return RecordContent.of(Bytes.utf8("{\"data\":\"x\",\"id\":\"y\"}"));
  }

  private static void append(SessionId id, Channel channel, int records) throws Exception {
    for (int i = 0; i < records; i++) {
      SessionCommand append = SessionCommand.Append.single(channel, content(), null);
      assertThat(node.ask(id, append)).isInstanceOf(SessionReply.Appended.class);
    }
  }
}
