package dev.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.Eventually;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The index goes on behind what it can't apply, over the real read side of the journal. */
class DamagedEventTest {
  private static final String ENVIRONMENT = "env";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static IndexDatabase database;
  private static ProjectionNode node;

  @BeforeAll
  static void start() {
    database = IndexDatabase.start();
    node = ProjectionNode.start(database);
  }

  @AfterAll
  static void stop() throws Exception {
    node.close();
    database.close();
  }

  private static SessionEvent created(String name) {
    return new SessionEvent.Created(CatalogFixture.info(name, CatalogFixture.START), null, null);
  }

  private static void append(SessionId id, long version, SessionEvent event) throws SQLException {
    try (Connection connection = database.pool().getConnection()) {
      database.append(connection, id, version, event);
    }
  }

  private static boolean hasRow(SessionId id) {
    try (Connection connection = database.pool().getConnection()) {
      return IndexRows.find(connection, List.of(id)).containsKey(id);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> parked(SessionId id) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection connection = database.pool().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select sequence_number || ' ' || reason from projection_parked where projection ="
                    + " 'session-index' and persistence_id = 'Session|"
                    + id.entityId()
                    + "'")) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    }
    return found;
  }

  @Test
  void an_event_that_can_not_be_decoded_is_parked_with_its_number_and_reason() throws Exception {
    SessionId damaged = SessionId.ofExternal(ENVIRONMENT, "damaged");
    append(damaged, 1, created("damaged"));
    // In one transaction, so that nobody reads it whole.
    try (Connection connection = database.pool().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      database.append(
          connection, damaged, 2, new SessionEvent.RunSwapped("x", CatalogFixture.START));
      statement.execute(
          "update event_journal set event_payload = decode('ffffff', 'hex')"
              + " where sequence_number = 2 and persistence_id = 'Session|"
              + damaged.entityId()
              + "'");
      connection.commit();
      connection.setAutoCommit(true);
    }
    append(damaged, 3, new SessionEvent.Closed(CatalogFixture.START, "behind it"));
    List<SessionId> behind = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      behind.add(SessionId.ofExternal(ENVIRONMENT, "behind " + i));
      append(behind.get(i), 1, created("behind " + i));
    }
    assertThat(
            Eventually.within(PATIENCE, () -> behind.stream().allMatch(DamagedEventTest::hasRow)))
        .isTrue();
    assertThat(parked(damaged))
        .containsExactly("2 IllegalArgumentException: damaged event with manifest 'R'");
    assertThat(database.rows()).anyMatch(row -> row.contains("behind it"));
  }

  @Test
  void an_event_with_a_value_that_postgresql_refuses_is_parked_without_that_value()
      throws Exception {
    SessionId refused = SessionId.ofExternal(ENVIRONMENT, "refused");
    append(refused, 1, created("refused"));
    append(
        refused,
        2,
        new SessionEvent.Updated(
            "{\"v\":\"secret\0\"}", List.of(), null, null, CatalogFixture.START));
    append(refused, 3, new SessionEvent.Closed(CatalogFixture.START, "refused before"));
    assertThat(
            Eventually.within(
                PATIENCE,
                () -> {
                  try {
                    return database.rows().stream().anyMatch(r -> r.contains("refused before"));
                  } catch (SQLException e) {
                    throw new IllegalStateException(e);
                  }
                }))
        .isTrue();
    assertThat(parked(refused))
        .singleElement()
        .asString()
        .startsWith("2 ")
        .contains("SQL state 22")
        .doesNotContain("secret");
  }
}
