package dev.parley.journal;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.jspecify.annotations.Nullable;

/**
 * How a database is, looked at without changing it.
 *
 * @param version of the server, as it says it
 * @param unsafe settings that break the promise of durability, as {@code name=value}
 * @param schema the newest migration that was applied; null when there are no tables yet
 * @param pending migrations of this program that are to be applied
 * @param newer whether the tables are those of a newer program
 * @param ahead how far its clock is ahead of ours; negative when it is behind
 * @param members nodes that have given a sign of life lately
 */
public record DatabaseInspection(
    String version,
    List<String> unsafe,
    @Nullable String schema,
    int pending,
    boolean newer,
    Duration ahead,
    int members) {
  private static final String MEMBERS =
      """
      SELECT count(DISTINCT address) FROM cluster_member
      WHERE joined_at IS NOT NULL AND removed_at IS NULL
        AND seen_at > clock_timestamp() - interval '6 seconds'
      """;

  /**
   * Looks at it over a connection of its own, which blocks for some seconds at most.
   *
   * @throws SQLException when the database can't be asked
   */
  public static DatabaseInspection of(DatabaseAddress address, Clock clock) throws SQLException {
    DatabaseAddress brisk =
        address.withParameter("connectTimeout", "3").withParameter("socketTimeout", "10");
    try (Connection connection =
        DriverManager.getConnection(brisk.jdbcUrl(), brisk.user(), brisk.password())) {
      MigrationInfoService migrations =
          Flyway.configure()
              .dataSource(brisk.jdbcUrl(), brisk.user(), brisk.password())
              .locations("classpath:db/migration")
              .table("parley_schema_history")
              .load()
              .info();
      MigrationInfo current = migrations.current();
      return new DatabaseInspection(
          connection.getMetaData().getDatabaseProductVersion(),
          DurableSettings.unsafe(connection),
          current == null ? null : String.valueOf(current.getVersion()),
          migrations.pending().length,
          Arrays.stream(migrations.applied()).anyMatch(one -> !one.getState().isResolved()),
          ahead(connection, clock),
          members(connection));
    }
  }

  private static Duration ahead(Connection connection, Clock clock) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      // The first answer pays for what the connection has to learn.
      statement.execute("SELECT 1");
      Instant asked = clock.instant();
      try (ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
        row.next();
        Duration half = Duration.between(asked, clock.instant()).dividedBy(2);
        return Duration.between(
            asked.plus(half), row.getObject(1, OffsetDateTime.class).toInstant());
      }
    }
  }

  private static int members(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet known = statement.executeQuery("SELECT to_regclass('cluster_member')")) {
      known.next();
      if (known.getString(1) == null) {
        return 0;
      }
    }
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(MEMBERS)) {
      row.next();
      return row.getInt(1);
    }
  }
}
