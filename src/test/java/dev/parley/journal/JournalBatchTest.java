package dev.parley.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.journal.JournalBatch.Row;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JournalBatchTest {
  private static EmbeddedPostgres server;

  private Connection connection;

  @BeforeAll
  static void start() throws Exception {
    server = TestPostgres.start();
    Database.open(server.address(), 1, Duration.ofSeconds(10)).close();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void connect() throws SQLException {
    connection = TestPostgres.connect(server.address());
    TestPostgres.execute(server.address(), "truncate event_journal restart identity cascade");
  }

  @AfterEach
  void disconnect() throws SQLException {
    connection.close();
  }

  private static Row row(String persistenceId, long sequenceNumber, Set<String> tags) {
    byte[] payload = {0, (byte) sequenceNumber, (byte) 0xff, '\\', '"'};
    return new Row(persistenceId, sequenceNumber, "me", 1_234, 77, "A", payload, null, tags);
  }

  /** Many events of three sessions, of which some are tagged. */
  private static List<Row> batch() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      Set<String> tags =
          switch (i % 7) {
            case 2 -> Set.of("tag-" + i);
            case 5 -> Set.of("tag-" + i, "other-" + i);
            default -> Set.of();
          };
      rows.add(row("Session|" + i % 3, i / 3 + 1, tags));
    }
    return rows;
  }

  private List<String> query(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> found = new ArrayList<>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    }
  }

  @Test
  void all_columns_are_stored_as_they_are() throws SQLException {
    JournalBatch.write(connection, List.of(row("Session|ü", 9, Set.of())));
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select * from event_journal")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getLong("ordering")).isEqualTo(1);
      assertThat(row.getString("persistence_id")).isEqualTo("Session|ü");
      assertThat(row.getLong("sequence_number")).isEqualTo(9);
      assertThat(row.getBoolean("deleted")).isFalse();
      assertThat(row.getString("writer")).isEqualTo("me");
      assertThat(row.getLong("write_timestamp")).isEqualTo(1_234);
      assertThat(row.getString("adapter_manifest")).isEmpty();
      assertThat(row.getInt("event_ser_id")).isEqualTo(77);
      assertThat(row.getString("event_ser_manifest")).isEqualTo("A");
      assertThat(row.getBytes("event_payload")).containsExactly(0, 9, 0xff, '\\', '"');
      assertThat(row.getObject("meta_payload")).isNull();
      assertThat(row.next()).isFalse();
    }
  }

  @Test
  void events_are_numbered_in_their_order() throws SQLException {
    List<Row> rows = batch();
    JournalBatch.write(connection, rows.subList(0, 2));
    JournalBatch.write(connection, rows.subList(2, 300));
    assertThat(
            query(
                "select persistence_id || '/' || sequence_number from event_journal"
                    + " order by ordering"))
        .containsExactlyElementsOf(
            rows.stream().map(row -> row.persistenceId() + "/" + row.sequenceNumber()).toList());
  }

  @Test
  void each_tag_is_at_its_event() throws SQLException {
    List<Row> rows = batch();
    // The numbers begin anywhere, and rolled-back ones leave gaps.
    assertThatThrownBy(() -> JournalBatch.write(connection, List.of(rows.get(2), rows.get(2))))
        .isInstanceOf(SQLException.class);
    JournalBatch.write(connection, rows);
    List<String> wanted = new ArrayList<>();
    for (Row row : rows) {
      row.tags().stream()
          .sorted()
          .forEach(tag -> wanted.add(row.persistenceId() + "/" + row.sequenceNumber() + tag));
    }
    assertThat(
            query(
                "select persistence_id || '/' || sequence_number || tag from event_tag"
                    + " join event_journal on ordering = event_id order by ordering, tag"))
        .containsExactlyElementsOf(wanted);
  }

  @Test
  void nothing_of_a_batch_is_stored_when_one_event_is_there_already() throws SQLException {
    JournalBatch.write(connection, List.of(row("Session|theirs", 1, Set.of("tag"))));
    List<Row> rows = new ArrayList<>(batch());
    rows.add(row("Session|theirs", 1, Set.of()));
    assertThatThrownBy(() -> JournalBatch.write(connection, rows))
        .isInstanceOf(SQLException.class)
        .extracting(failure -> ((SQLException) failure).getSQLState())
        .isEqualTo("23505");
    assertThat(query("select persistence_id from event_journal")).containsExactly("Session|theirs");
    assertThat(query("select tag from event_tag")).containsExactly("tag");
  }

  @Test
  void a_large_event_fits() throws SQLException {
    byte[] large = "x".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
    List<Row> rows = new ArrayList<>();
    for (int i = 1; i <= 8; i++) {
      rows.add(new Row("Session|large", i, "me", 0, 77, "A", large, null, Set.of()));
    }
    JournalBatch.write(connection, rows);
    assertThat(query("select sum(length(event_payload)) from event_journal"))
        .containsExactly(Integer.toString(8 << 20));
  }
}
