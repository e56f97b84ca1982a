package dev.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.projection.Fact.Kind;
import dev.parley.projection.StatsQuery.GroupBy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StatsIndexTest extends StatsContract {
  private static final String MINUTE =
      """
      insert into session_activity (environment_id, friendly_id, minute, created, expired, closed,
        messages, records_in, bytes_in, records_out, bytes_out)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;
  private static final String TURN =
      """
      insert into session_turn (environment_id, friendly_id, version, ended_at, took_ms)
      values (?, ?, ?, ?, ?)
      """;

  private static IndexDatabase database;

  @BeforeAll
  static void start() {
    database = IndexDatabase.start();
  }

  @AfterAll
  static void stop() throws Exception {
    database.close();
  }

  @Test
  void a_session_whose_end_moves_is_active_until_its_end_is_reported() throws Exception {
    store(List.of(new StatsFixture(1).session("chat", "support")));
    database.execute("update session_index set expires_at = created_at");
    assertThat(status()).isEqualTo("EXPIRED");
    database.execute("update session_index set sliding = true");
    assertThat(status()).isEqualTo("ACTIVE");
    database.execute("update session_index set expired_at = expires_at");
    assertThat(status()).isEqualTo("EXPIRED");
    database.execute("update session_index set closed_at = expires_at");
    assertThat(status()).isEqualTo("CLOSED");
  }

  private String status() throws Exception {
    List<Stats.Group> groups = stats(minutes(GroupBy.STATUS, 1)).groups();
    assertThat(groups).hasSize(1);
    return groups.get(0).key();
  }

  @Override
  SessionCatalog catalog() {
    return database.index();
  }

  @Override
  void clear() throws Exception {
    database.execute("truncate session_index, session_activity, session_turn");
  }

  @Override
  void store(List<Item> sessions) throws Exception {
    database.store(sessions);
  }

  /** As the activity projection does: one row for a session and a minute. */
  @Override
  void activity(List<Fact> facts) throws Exception {
    try (Connection connection = database.pool().getConnection();
        PreparedStatement minute = connection.prepareStatement(MINUTE);
        PreparedStatement turn = connection.prepareStatement(TURN)) {
      Map<List<Object>, List<Fact>> minutes = new LinkedHashMap<>();
      int version = 0;
      for (Fact fact : facts) {
        version++;
        String environment = fact.session().environmentId();
        String id = fact.session().friendlyId();
        if (fact.kind() == Kind.TURN) {
          add(turn, List.of(environment, id), version, fact.at(), fact.tookMillis());
        } else {
          List<Object> key = List.of(environment, id, fact.at() - fact.at() % 60_000);
          minutes.computeIfAbsent(key, any -> new ArrayList<>()).add(fact);
        }
      }
      for (Map.Entry<List<Object>, List<Fact>> row : minutes.entrySet()) {
        add(minute, row.getKey(), sums(row.getValue()));
      }
      minute.executeBatch();
      turn.executeBatch();
    }
  }

  private static Object[] sums(List<Fact> facts) {
    return new Object[] {
      sum(facts, Kind.CREATED, fact -> 1),
      sum(facts, Kind.EXPIRED, fact -> 1),
      sum(facts, Kind.CLOSED, fact -> 1),
      facts.stream().mapToLong(Fact::messages).sum(),
      sum(facts, Kind.RECORDS_IN, Fact::records),
      sum(facts, Kind.RECORDS_IN, Fact::bytes),
      sum(facts, Kind.RECORDS_OUT, Fact::records),
      sum(facts, Kind.RECORDS_OUT, Fact::bytes)
    };
  }

  private static long sum(List<Fact> facts, Kind kind, ToLongFunction<Fact> number) {
    return facts.stream().filter(fact -> fact.kind() == kind).mapToLong(number).sum();
  }

  private static void add(PreparedStatement insert, List<?> key, Object... values)
      throws SQLException {
    int index = 1;
    for (Object part : key) {
      insert.setObject(index++, part);
    }
    for (Object value : values) {
      insert.setObject(index++, value);
    }
    insert.addBatch();
  }
}
