package dev.parley.ops.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.journal.Database;
import dev.parley.journal.DatabaseAddress;
import dev.parley.journal.EmbeddedPostgres;
import dev.parley.journal.TestPostgres;
import dev.parley.ops.doctor.Check.Status;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DatabaseExaminationTest {
  private static EmbeddedPostgres postgres;

  @BeforeAll
  static void start() {
    postgres = TestPostgres.start();
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  private static Check find(List<Check> checks, String name) {
    return checks.stream().filter(check -> check.name().equals(name)).findFirst().orElseThrow();
  }

  private static List<Check> examine(DatabaseAddress address, Duration clock, boolean serving) {
    return new DatabaseExamination(address, Clock.offset(Clock.systemUTC(), clock), serving).call();
  }

  private static DatabaseAddress database(String name) throws SQLException {
    execute(postgres.address(), "create database " + name);
    DatabaseAddress address = postgres.address();
    return new DatabaseAddress(
        address.host(),
        address.port(),
        name,
        address.user(),
        address.password(),
        Map.of("sslmode", "disable"));
  }

  private static void execute(DatabaseAddress address, String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void one_without_tables_is_fine_before_a_server_runs() throws Exception {
    DatabaseAddress address = database("empty");
    Check schema = find(examine(address, Duration.ZERO, false), "schema");
    assertThat(schema.status()).isEqualTo(Status.OK);
    assertThat(schema.value()).startsWith("no tables yet");
    assertThat(find(examine(address, Duration.ZERO, true), "schema").status())
        .isEqualTo(Status.FAIL);
  }

  @Test
  void tables_of_another_version_are_told() throws Exception {
    DatabaseAddress address = database("migrated");
    Database.open(address, 1, Duration.ofSeconds(60)).close();
    assertThat(find(examine(address, Duration.ZERO, true), "schema").status()).isEqualTo(Status.OK);
    execute(
        address,
        "insert into parley_schema_history values"
            + " (999, '999', 'later', 'SQL', 'V999__later.sql', 1, 'x', now(), 1, true)");
    Check newer = find(examine(address, Duration.ZERO, true), "schema");
    assertThat(newer.status()).isEqualTo(Status.FAIL);
    assertThat(newer.value()).contains("newer");
  }

  @Test
  void settings_that_lose_records_are_told() throws Exception {
    DatabaseAddress address = database("careless");
    assertThat(find(examine(address, Duration.ZERO, true), "database-durability").status())
        .isEqualTo(Status.OK);
    execute(address, "alter database careless set synchronous_commit = off");
    Check found = find(examine(address, Duration.ZERO, true), "database-durability");
    assertThat(found.status()).isEqualTo(Status.FAIL);
    assertThat(found.value()).isEqualTo("synchronous_commit=off");
  }

  @Test
  void clocks_that_differ_are_told() throws Exception {
    DatabaseAddress address = database("clocks");
    assertThat(find(examine(address, Duration.ofMinutes(5), true), "clock").status())
        .isEqualTo(Status.FAIL);
    Check ahead = find(examine(address, Duration.ofSeconds(-10), true), "clock");
    assertThat(ahead.status()).isEqualTo(Status.WARN);
    assertThat(ahead.value()).contains("behind");
  }

  @Test
  void one_that_is_away_or_refuses_is_told_without_a_password() {
    DatabaseAddress address = postgres.address();
    DatabaseAddress nobody = new DatabaseAddress("127.0.0.1", 1, "x", "u", "geheim", Map.of());
    DatabaseAddress unknown =
        new DatabaseAddress(
            "127.0.0.1", address.port(), "none", "u", "geheim", Map.of("sslmode", "disable"));
    for (DatabaseAddress one : List.of(nobody, unknown)) {
      List<Check> checks = examine(one, Duration.ZERO, true);
      assertThat(checks).extracting(Check::status).containsExactly(Status.FAIL);
      assertThat(checks.toString()).contains("u@127.0.0.1").doesNotContain("geheim");
    }
  }

  @Test
  void nodes_that_do_not_answer_are_named() throws Exception {
    DatabaseAddress address = database("nodes");
    Database.open(address, 1, Duration.ofSeconds(60)).close();
    List<Check> alone = new ClusterExamination(List.of(), address, Clock.systemUTC()).call();
    assertThat(alone).extracting(Check::status).containsExactly(Status.OK);
    // The database's port stands for a node that is there; nobody is a member.
    List<String> seeds = List.of("127.0.0.1:" + address.port(), "127.0.0.1:1");
    Check check = new ClusterExamination(seeds, address, Clock.systemUTC()).call().get(0);
    assertThat(check.status()).isEqualTo(Status.FAIL);
    assertThat(check.value()).isEqualTo("1 of 2 nodes reachable, 0 in the cluster");
    assertThat(check.remedy()).contains("127.0.0.1:1,");
    execute(
        address,
        "insert into cluster_member (incarnation, address, uid, seen_at, joined_at) values"
            + " (gen_random_uuid(), 'a:1', 1, now(), now())");
    Check some = new ClusterExamination(seeds, address, Clock.systemUTC()).call().get(0);
    assertThat(some.status()).isEqualTo(Status.WARN);
  }
}
