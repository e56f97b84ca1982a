package dev.parley.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JournalFrontierTest {
  private static EmbeddedPostgres server;

  private final JournalFrontier frontier = new JournalFrontier();
  private Connection reader;
  private Connection first;
  private Connection second;

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
    reader = TestPostgres.connect(server.address());
    first = TestPostgres.connect(server.address());
    second = TestPostgres.connect(server.address());
    execute(reader, "truncate event_journal restart identity cascade");
    first.setAutoCommit(false);
    second.setAutoCommit(false);
  }

  @AfterEach
  void disconnect() throws SQLException {
    reader.close();
    first.close();
    second.close();
  }

  @Test
  void is_at_the_last_event_when_nobody_writes() throws SQLException {
    assertThat(frontier.advance(reader)).isZero();
    write(first);
    write(first);
    first.commit();
    assertThat(frontier.advance(reader)).isEqualTo(2);
  }

  @Test
  void stays_below_a_number_whose_transaction_is_under_way() throws SQLException {
    write(first);
    write(second);
    second.commit();
    for (int i = 0; i < 100; i++) {
      assertThat(frontier.advance(reader)).isZero();
    }
    first.commit();
    assertThat(frontier.advance(reader)).isEqualTo(2);
  }

  @Test
  void passes_the_numbers_of_a_transaction_that_was_rolled_back_at_once() throws SQLException {
    write(first);
    write(second);
    second.commit();
    first.rollback();
    assertThat(frontier.advance(reader)).isEqualTo(2);
  }

  @Test
  void advances_although_somebody_is_always_writing() throws SQLException {
    write(first);
    for (int number = 1; number < 50; number++) {
      Connection ending = number % 2 == 1 ? first : second;
      Connection beginning = number % 2 == 1 ? second : first;
      write(beginning);
      ending.commit();
      assertThat(frontier.advance(reader)).isBetween(number - 2L, (long) number);
    }
  }

  @Test
  void takes_no_notice_of_readers_and_other_tables() throws SQLException {
    execute(first, "select count(*) from event_journal");
    execute(second, "delete from snapshot");
    try (Connection third = TestPostgres.connect(server.address())) {
      write(third);
    }
    assertThat(frontier.advance(reader)).isEqualTo(1);
  }

  private static void write(Connection connection) throws SQLException {
    execute(
        connection,
        "insert into event_journal (persistence_id, sequence_number, writer, event_ser_id,"
            + " event_ser_manifest, event_payload)"
            + " values (gen_random_uuid(), 1, '', 1, '', '')");
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
