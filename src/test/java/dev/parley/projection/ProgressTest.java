package dev.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the tables say of a projection, and how they are made ready for a rebuild. */
class ProgressTest {
  private static final Instant NOW = Instant.ofEpochMilli(1_000_000);
  private static final ProjectionDefinition INDEX = ProjectionDefinition.index();
  private static final ProjectionDefinition FEED = ProjectionDefinition.ofFeed("feed");
  private static final ProjectionDefinition SUMS =
      ProjectionDefinition.ofSums(
          "sums", List.of("session_activity", "session_turn", "session_activity_position"));

  private static IndexDatabase database;

  @BeforeAll
  static void start() {
    database = IndexDatabase.start();
  }

  @AfterAll
  static void stop() {
    database.close();
  }

  @BeforeEach
  void clear() throws Exception {
    database.execute(
        "truncate event_journal, event_tag, pekko_projection_offset_store,"
            + " pekko_projection_management, projection_parked, session_index, session_activity");
  }

  /**
   * @param last the digit of the session's id that says its slice
   */
  private static void event(long ordering, String kind, String last, long at) throws SQLException {
    database.execute(
        """
        insert into event_journal (ordering, persistence_id, sequence_number, writer,
          write_timestamp, event_ser_id, event_ser_manifest, event_payload)
        values (%d, '%s|env/session_%s', %d, 'test', %d, 1, 'U', '')
        """
            .formatted(ordering, kind, last, ordering, at));
  }

  private static void tag(long ordering, String tag) throws SQLException {
    database.execute("insert into event_tag values (%d, '%s')".formatted(ordering, tag));
  }

  private static void offset(String name, String key, long offset) throws SQLException {
    database.execute(
        "insert into pekko_projection_offset_store values ('%s', '%s', '%d', 'LNG', false, 0)"
            .formatted(name, key, offset));
  }

  private static void paused(String name, String key, boolean paused) throws SQLException {
    database.execute(
        "insert into pekko_projection_management values ('%s', '%s', %b, 0)"
            .formatted(name, key, paused));
  }

  private static ProjectionStatus status(ProjectionDefinition projection) throws SQLException {
    try (Connection connection = database.pool().getConnection()) {
      return ProgressQuery.read(connection, projection, NOW);
    }
  }

  private static String text(String sql) throws SQLException {
    try (Connection connection = database.pool().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private static void rebuild(ProjectionDefinition projection) throws SQLException {
    try (Connection connection = database.pool().getConnection()) {
      RebuildStep.run(connection, projection);
      assertThat(connection.getAutoCommit()).isTrue();
    }
  }

  @Test
  void with_an_empty_journal_nothing_is_behind() throws Exception {
    assertThat(status(FEED))
        .isEqualTo(
            new ProjectionStatus(
                "feed",
                false,
                0,
                Duration.ZERO,
                0,
                List.of(slice("0", 0), slice("1", 0), slice("2", 0), slice("3", 0))));
  }

  private static ProjectionStatus.Slice slice(String key, long offset) {
    return new ProjectionStatus.Slice(key, offset);
  }

  @Test
  void the_slice_that_waits_longest_says_how_late_a_feed_is() throws Exception {
    event(10, "Session", "0", 100_000);
    event(11, "Session", "1", 200_000);
    event(12, "Session", "5", 300_000);
    event(13, "Registry", "2", 400_000);
    offset("feed", "0", 10);
    offset("feed", "1", 11);
    assertThat(status(FEED).eventsBehind()).isEqualTo(2);
    assertThat(status(FEED).lag()).isEqualTo(Duration.ofMillis(700_000));
    assertThat(status(FEED).slices()).contains(slice("1", 11), slice("2", 0));
  }

  @Test
  void a_feed_that_has_applied_all_of_its_slices_is_not_behind() throws Exception {
    event(10, "Session", "0", 100_000);
    event(11, "Registry", "1", 200_000);
    offset("feed", "0", 10);
    assertThat(status(FEED).eventsBehind()).isZero();
    assertThat(status(FEED).lag()).isZero();
  }

  @Test
  void a_look_at_a_feed_ends_and_takes_what_is_behind_its_end_for_waiting() throws Exception {
    event(5, "Registry", "1", 100_000);
    event(50_005, "Registry", "1", 900_000);
    offset("feed", "0", 5);
    offset("feed", "1", 5);
    offset("feed", "2", 5);
    offset("feed", "3", 4);
    assertThat(status(FEED).lag()).isEqualTo(Duration.ofMillis(100_000));
    assertThat(status(FEED).eventsBehind()).isEqualTo(50_001);
  }

  @Test
  void an_event_from_a_machine_whose_clock_is_ahead_has_not_waited() throws Exception {
    event(1, "Session", "0", NOW.toEpochMilli() + 5_000);
    assertThat(status(FEED).lag()).isZero();
    assertThat(status(FEED).eventsBehind()).isEqualTo(1);
  }

  @Test
  void only_tagged_events_keep_the_index_waiting() throws Exception {
    for (int ordering = 1; ordering <= 9; ordering++) {
      event(ordering, "Session", "0", ordering * 100_000L);
    }
    tag(2, "lifecycle-1");
    tag(4, "lifecycle-1");
    tag(5, "m:session_0:1");
    offset(IndexProjection.NAME, "lifecycle-1", 2);
    assertThat(status(INDEX).eventsBehind()).isEqualTo(7);
    assertThat(status(INDEX).lag()).isEqualTo(Duration.ofMillis(600_000));
    database.execute("update pekko_projection_offset_store set current_offset = '4'");
    assertThat(status(INDEX).eventsBehind()).isZero();
    assertThat(status(INDEX).lag()).isZero();
  }

  @Test
  void one_paused_slice_pauses_a_projection() throws Exception {
    paused("feed", "1", false);
    assertThat(status(FEED).paused()).isFalse();
    paused("feed", "2", true);
    assertThat(status(FEED).paused()).isTrue();
  }

  @Test
  void a_rebuild_empties_sums_and_forgets_offsets_and_parked_events_of_that_projection_alone()
      throws Exception {
    for (String key : SUMS.keys()) {
      offset("sums", key, 7);
      offset("feed", key, 7);
      paused("sums", key, true);
    }
    database.execute("insert into session_activity values ('e', 's', 0, 1, 1, 1, 1, 1, 1, 1, 1)");
    database.execute(
        "insert into projection_parked values ('sums', 1, 'p', 1, 'r', 1), ('feed', 1, 'p', 1, 'r', 1)");
    rebuild(SUMS);
    assertThat(text("select count(*) from session_activity")).isEqualTo("0");
    assertThat(status(SUMS).slices()).allMatch(slice -> slice.offset() == 0);
    assertThat(status(SUMS).parked()).isZero();
    assertThat(status(FEED).slices()).allMatch(slice -> slice.offset() == 7);
    assertThat(status(FEED).parked()).isEqualTo(1);
  }

  @Test
  void a_slice_that_was_resumed_meanwhile_keeps_a_rebuild_from_changing_anything()
      throws Exception {
    for (String key : SUMS.keys()) {
      offset("sums", key, 7);
      paused("sums", key, !key.equals("3"));
    }
    database.execute("insert into session_activity values ('e', 's', 0, 1, 1, 1, 1, 1, 1, 1, 1)");
    assertThatThrownBy(() -> rebuild(SUMS))
        .isInstanceOf(RebuildRefused.class)
        .hasMessageContaining("resumed");
    assertThat(text("select count(*) from session_activity")).isEqualTo("1");
    assertThat(status(SUMS).slices()).allMatch(slice -> slice.offset() == 7);
  }

  @Test
  void tables_that_are_read_for_long_keep_a_rebuild_from_changing_anything() throws Exception {
    for (String key : SUMS.keys()) {
      offset("sums", key, 7);
      paused("sums", key, true);
    }
    try (Connection reader = database.pool().getConnection();
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.execute("lock table session_turn in access share mode");
      assertThatThrownBy(() -> rebuild(SUMS))
          .isInstanceOf(RebuildRefused.class)
          .hasMessageContaining("in use");
      reader.rollback();
      reader.setAutoCommit(true);
    }
    assertThat(status(SUMS).slices()).allMatch(slice -> slice.offset() == 7);
    rebuild(SUMS);
    assertThat(status(SUMS).slices()).allMatch(slice -> slice.offset() == 0);
  }
}
