package dev.parley.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.FreePort;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.projection.jdbc.internal.PostgresDialect;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

class DatabaseTest {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @TempDir static Path temporary;
  private static EmbeddedPostgres postgres;
  private static int databases;

  /** A database of its own for each test, reached as an external server would be. */
  private DatabaseAddress address;

  @BeforeAll
  static void startPostgres() {
    postgres = TestPostgres.start(temporary.resolve("data"));
  }

  @AfterAll
  static void stopPostgres() {
    postgres.close();
  }

  @BeforeEach
  void createDatabase() throws SQLException {
    String name = "test" + ++databases;
    DatabaseAddress server = postgres.address();
    TestPostgres.execute(server, "create database " + name);
    address =
        DatabaseAddress.parse(
            "postgresql://%s:%s@127.0.0.1:%d/%s?sslmode=disable"
                .formatted(server.user(), server.password(), server.port(), name));
  }

  @Test
  void migrates_once_and_finds_its_tables_again() throws SQLException {
    Database.open(address, 2, PATIENCE).close();
    String history =
        "select string_agg(version, ',' order by installed_rank) from parley_schema_history";
    String first = TestPostgres.query(address, history);
    try (Database again = Database.open(address, 2, PATIENCE);
        Connection connection = again.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select count(*) from event_journal")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getInt(1)).isZero();
    }
    assertThat(TestPostgres.query(address, history)).isEqualTo(first).startsWith("1,2");
  }

  @Test
  void an_error_of_the_database_does_not_quote_what_was_written() throws SQLException {
    try (Database database = Database.open(address, 1, PATIENCE);
        Connection connection = database.dataSource().getConnection();
        PreparedStatement insert =
            connection.prepareStatement(
                "insert into snapshot (persistence_id, sequence_number, created, snapshot_ser_id,"
                    + " snapshot_ser_manifest, snapshot_payload) values (?, 1, 0, 0, 'S', ?)")) {
      for (int i = 0; i < 2; i++) {
        insert.setString(1, "private-name");
        insert.setBytes(2, "private words".getBytes(StandardCharsets.UTF_8));
        insert.addBatch();
      }
      assertThatThrownBy(insert::executeBatch)
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("snapshot_pkey")
          .satisfies(
              failure -> {
                for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                  assertThat(cause.toString()).doesNotContain("private", "70726976617465");
                }
              });
    }
  }

  @Test
  void several_nodes_may_migrate_at_once() {
    List<CompletableFuture<Void>> nodes = new ArrayList<>();
    for (int node = 0; node < 6; node++) {
      nodes.add(CompletableFuture.runAsync(() -> Database.open(address, 1, PATIENCE).close()));
    }
    assertThatCode(() -> nodes.forEach(CompletableFuture::join)).doesNotThrowAnyException();
  }

  @Test
  void shares_a_schema_with_tables_of_others() throws SQLException {
    TestPostgres.execute(address, "create table somebody_elses (n int)");
    Database.open(address, 1, PATIENCE).close();
    assertThat(TestPostgres.query(address, "select count(*) from snapshot")).isEqualTo("0");
  }

  @Test
  void tables_are_those_of_the_persistence_plugin() throws Exception {
    Database.open(address, 1, PATIENCE).close();
    String ddl;
    try (InputStream resource =
        getClass().getResourceAsStream("/schema/postgres/postgres-create-schema.sql")) {
      ddl = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    }
    TestPostgres.execute(
        address,
        "create schema plugin",
        "set search_path = plugin; "
            + ddl.substring(0, ddl.indexOf("CREATE TABLE IF NOT EXISTS public.durable_state"))
                .replace("public.", "plugin."),
        // Ours, beside what the plug-in knows.
        "alter table plugin.event_journal add column summary bytea");
    assertSameShape("event_journal", "event_tag", "snapshot");
  }

  @Test
  void tables_are_those_of_the_projection_plugin() throws Exception {
    Database.open(address, 1, PATIENCE).close();
    PostgresDialect dialect =
        PostgresDialect.apply(
            Option.apply("plugin"),
            "pekko_projection_offset_store",
            "pekko_projection_management",
            true);
    TestPostgres.execute(address, "create schema plugin");
    for (String ddl : CollectionConverters.asJava(dialect.createTableStatements())) {
      TestPostgres.execute(address, ddl);
    }
    for (String ddl : CollectionConverters.asJava(dialect.createManagementTableStatements())) {
      TestPostgres.execute(address, ddl);
    }
    assertSameShape("pekko_projection_offset_store", "pekko_projection_management");
  }

  @Test
  void payloads_are_stored_uncompressed() throws SQLException {
    Database.open(address, 1, PATIENCE).close();
    assertThat(
            TestPostgres.query(
                address,
                "select string_agg(attname || attstorage::text, ',' order by attname)"
                    + " from pg_attribute where attname in ('event_payload', 'snapshot_payload')"))
        .isEqualTo("event_payloade,snapshot_payloade");
  }

  @Test
  void waits_for_a_server_that_accepts_connections_later() throws Exception {
    TestPostgres.execute(
        postgres.address(),
        "alter database %s allow_connections false".formatted(address.database()));
    CompletableFuture<Void> opened =
        CompletableFuture.runAsync(() -> Database.open(address, 1, Duration.ofSeconds(20)).close());
    Thread.sleep(300);
    assertThat(opened).isNotDone();
    TestPostgres.execute(
        postgres.address(),
        "alter database %s allow_connections true".formatted(address.database()));
    assertThat(opened).succeedsWithin(Duration.ofSeconds(10));
  }

  @Test
  void gives_up_when_no_server_answers_in_time() {
    int nobody = FreePort.on("127.0.0.1");
    DatabaseAddress absent = DatabaseAddress.parse("postgres://me:s3cret@127.0.0.1:" + nobody);
    long begin = System.nanoTime();
    assertThatThrownBy(() -> Database.open(absent, 1, Duration.ofMillis(600)))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("me@127.0.0.1:" + nobody)
        .hasMessageContaining("did not answer within 0.6 s")
        .hasMessageNotContaining("s3cret");
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(600));
  }

  @Test
  void a_wrong_password_or_database_is_refused_without_waiting() {
    DatabaseAddress stranger =
        new DatabaseAddress(
            address.host(),
            address.port(),
            address.database(),
            "parley",
            "wr0ng",
            address.parameters());
    assertThatThrownBy(() -> Database.open(stranger, 1, Duration.ofMinutes(5)))
        .hasMessageContaining("refuses Parley")
        .hasMessageNotContaining("wr0ng");
    DatabaseAddress elsewhere =
        new DatabaseAddress(
            address.host(),
            address.port(),
            "absent",
            "parley",
            address.password(),
            address.parameters());
    assertThatThrownBy(() -> Database.open(elsewhere, 1, Duration.ofMinutes(5)))
        .hasMessageContaining("\"absent\" does not exist");
  }

  @Test
  void an_old_server_is_refused() {
    assertThatCode(() -> Database.requireVersion(14, address)).doesNotThrowAnyException();
    assertThatThrownBy(() -> Database.requireVersion(13, address))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("version 13; Parley needs 14 or newer");
  }

  private void assertSameShape(String... tables) throws SQLException {
    for (String table : tables) {
      assertThat(shape("public", table)).as(table).isEqualTo(shape("plugin", table)).isNotEmpty();
    }
  }

  /** Columns with type and nullability, then the indexes without their schema. */
  private String shape(String schema, String table) throws SQLException {
    String columns =
        "select string_agg(column_name || ' ' || data_type || coalesce(character_maximum_length, 0)"
            + " || is_nullable, ', ' order by ordinal_position) from information_schema.columns"
            + " where table_schema = '%s' and table_name = '%s'";
    String indexes =
        "select string_agg(replace(indexdef, '%1$s.', ''), ', ' order by indexname)"
            + " from pg_indexes where schemaname = '%1$s' and tablename = '%2$s'"
            // Ours, which the plug-in knows nothing of.
            + " and indexname not in ('event_tag_message_idx', 'event_tag_lifecycle_idx',"
            + " 'event_journal_passing', 'event_journal_webchats')";
    return TestPostgres.query(address, columns.formatted(schema, table))
        + TestPostgres.query(address, indexes.formatted(schema, table)).toLowerCase();
  }
}
