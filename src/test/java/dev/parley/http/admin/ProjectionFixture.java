package dev.parley.http.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.Eventually;
import dev.parley.TestServer;
import dev.parley.http.Answer;
import dev.parley.http.Wire;
import dev.parley.journal.DatabaseAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** The projections of the test server, and the tables behind them. */
public final class ProjectionFixture {
  public static final String INDEX = "session-index";
  public static final String ACTIVITY = "session-activity";

  private static final String PROJECTIONS = "/api/admin/projections";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private ProjectionFixture() {}

  /** Skips tests of sums in PostgreSQL where the server of the tests keeps none. */
  public static void assumeSumsInPostgres() {
    Assumptions.assumeFalse(Boolean.getBoolean("parley.test.lists-from-clickhouse"));
  }

  public static JsonNode status(String name) {
    Answer answer = Wire.get(PROJECTIONS).asAcme().send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    for (JsonNode projection : answer.json().get("projections")) {
      if (projection.get("name").textValue().equals(name)) {
        return projection;
      }
    }
    throw new AssertionError("no " + name + " in " + answer.body());
  }

  public static Answer post(String name, String operation) {
    return Wire.post(PROJECTIONS + "/" + Wire.segment(name) + "/" + operation).asAcme().send();
  }

  /** What is answered with 200. */
  public static JsonNode done(String name, String operation) {
    Answer answer = post(name, operation);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json();
  }

  /**
   * Waits until the projection has applied all that was there when this was called: what it has not
   * applied yet has been waiting for a shorter time. Other tests go on writing meanwhile.
   */
  public static void awaitCaughtUp(String name) {
    long start = System.nanoTime();
    assertThat(
            Eventually.within(
                PATIENCE,
                () -> {
                  double seconds = (System.nanoTime() - start) / 1e9;
                  JsonNode status = status(name);
                  return status.get("eventsBehind").longValue() == 0
                      || status.get("lagSeconds").doubleValue() < seconds;
                }))
        .as("%s has caught up: %s", name, status(name))
        .isTrue();
  }

  /** The rows of a query as text. */
  public static List<String> rows(String sql, Object... parameters) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = connect();
        PreparedStatement select = prepare(connection, sql, parameters);
        ResultSet found = select.executeQuery()) {
      while (found.next()) {
        rows.add(found.getString(1));
      }
    }
    return rows;
  }

  public static void execute(String sql, Object... parameters) throws SQLException {
    try (Connection connection = connect();
        PreparedStatement statement = prepare(connection, sql, parameters)) {
      statement.execute();
    }
  }

  static Connection connect() throws SQLException {
    DatabaseAddress database = TestServer.database();
    return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
  }

  private static PreparedStatement prepare(Connection connection, String sql, Object... parameters)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
    return statement;
  }
}
